// The model and its data: presets, the network's diagram, and every setting of the next run.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatCount } from '../../base/units';
import { parametersOf, sizesOf, stepsAnEpoch } from '../../experiment/build';
import { presets } from '../../experiment/presets';
import { applying, differences } from '../../experiment/read';
import { GROUPS } from '../../experiment/setting';
import { partNames } from '../../nn/part';
import type { Lab } from '../lab';
import { SettingField } from './field';
import { readOnPage } from './limits';
import { NetworkDiagram } from './network-diagram';

/** From here on the form stands beside the panels, always open; below, it is folded until asked for. */
const BESIDE = '(min-width: 62rem)';

/** The form. Changing it changes the link at once, and the run at the next start. */
export function ModelPanel({ lab }: { readonly lab: Lab }) {
  const beside = useMedia(BESIDE);
  const unfolded = useSignal(false);
  const settings = lab.form.settings.value;
  return (
    <section class="model" aria-labelledby="model-title">
      <details
        open={beside || unfolded.value}
        onToggle={(event) => {
          if (!beside) {
            unfolded.value = event.currentTarget.open;
          }
        }}
      >
        <summary tabIndex={beside ? -1 : 0} onClick={(event) => beside && event.preventDefault()}>
          <h2 id="model-title">Model and data</h2>
          <span>{sizesOf(settings).join(' → ')}</span>
        </summary>
        <ModelForm lab={lab} />
      </details>
    </section>
  );
}

function ModelForm({ lab }: { readonly lab: Lab }) {
  const { form, run } = lab;
  const settings = form.settings.value;
  const changed = differences(settings, run.settings.value);
  const fields = applying(settings);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        lab.restart();
      }}
    >
      <Presets lab={lab} />
      {form.unknown.length > 0 && (
        <p class="from-link" role="note">
          The link also names {form.unknown.join(', ')}, which means nothing here.
        </p>
      )}
      <NetworkDiagram form={form} />
      {GROUPS.map((group) => (
        <fieldset key={group}>
          <legend class="unseen">{group}</legend>
          <div class="fields">
            {fields
              .filter((setting) => setting.group === group)
              .map((setting) => (
                <SettingField
                  key={setting.name}
                  form={form}
                  setting={setting}
                  changed={changed.includes(setting.name)}
                />
              ))}
          </div>
        </fieldset>
      ))}
      <Foot lab={lab} changes={changed.length} />
    </form>
  );
}

function Presets({ lab }: { readonly lab: Lab }) {
  const settings = lab.form.settings.value;
  return (
    <div class="presets" role="group" aria-label="Presets">
      {partNames(presets).map((name) => {
        const { label, hint, texts } = presets[name];
        const preset = readOnPage(texts).settings;
        return (
          <button
            key={name}
            type="button"
            class="quiet"
            title={hint}
            aria-pressed={differences(preset, settings).length === 0}
            onClick={() => lab.train(preset)}
          >
            {label}
          </button>
        );
      })}
    </div>
  );
}

/** What the settings amount to, and the button that trains them. */
function Foot({ lab, changes }: { readonly lab: Lab; readonly changes: number }) {
  const { form, run } = lab;
  const settings = form.settings.value;
  const steps = stepsAnEpoch(settings);
  const faulty = form.faulty.value.length;
  return (
    <div class="foot">
      <p>
        {formatCount(parametersOf(settings))} weights and biases,{' '}
        {steps === 1 ? 'one step an epoch' : `${formatCount(steps)} steps an epoch`}
      </p>
      <p role="status">
        {faulty > 0
          ? 'A field holds no good value; its last one is kept.'
          : changes > 0
            ? 'Changed since this run began. The address is a link to these settings.'
            : 'The run has these settings. The address is a link to them.'}
      </p>
      <div class="buttons">
        <button
          type="submit"
          class={changes === 0 && faulty === 0 ? 'secondary' : ''}
          disabled={changes === 0 && faulty === 0}
        >
          Train with these
        </button>
        <button
          type="button"
          class="secondary"
          disabled={changes === 0 && faulty === 0}
          onClick={() => form.set(run.settings.value)}
        >
          Take back
        </button>
      </div>
    </div>
  );
}

/** Whether a media query holds, kept up to date. */
function useMedia(query: string): boolean {
  const list = matchMedia(query);
  const matches = useSignal(list.matches);
  useEffect(() => {
    const follow = () => {
      matches.value = list.matches;
    };
    list.addEventListener('change', follow);
    return () => list.removeEventListener('change', follow);
  }, []);
  return matches.value;
}
