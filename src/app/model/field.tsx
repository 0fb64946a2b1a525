// Fields of the form: a label, an input, and a line that explains it or says what is wrong with it.

import type { ComponentChildren } from 'preact';
import type { Setting } from '../../experiment/setting';
import { CurvePicture } from './curve-picture';
import type { ModelForm } from './form';

interface FieldProps {
  readonly form: ModelForm;
  readonly setting: Setting;
  /** Whether the run trains with another value. */
  readonly changed: boolean;
}

/** A setting's field: words to choose from, or text. */
export function SettingField(props: FieldProps) {
  return props.setting.choices ? <ChoiceField {...props} /> : <TextField {...props} />;
}

/** A field for numbers and short texts. */
function TextField(props: FieldProps) {
  const { form, setting } = props;
  const { name, suggestions } = setting;
  const { text, problem } = form.draft(name);
  return (
    <Frame {...props}>
      <input
        {...attributes(name, problem)}
        type="text"
        inputMode={suggestions ? 'text' : 'decimal'}
        autocomplete="off"
        spellcheck={false}
        value={text}
        {...(suggestions ? { list: `suggestions-${name}` } : {})}
        onInput={(event) => form.edit(name, event.currentTarget.value)}
      />
      {suggestions && (
        <datalist id={`suggestions-${name}`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </Frame>
  );
}

/** A field with a few words to choose from; each says what it is as long as it is chosen. */
function ChoiceField(props: FieldProps) {
  const { form, setting } = props;
  const { name, choices = [] } = setting;
  const { text, problem } = form.draft(name);
  return (
    <Frame {...props}>
      <select
        {...attributes(name, problem)}
        value={text}
        onChange={(event) => form.edit(name, event.currentTarget.value)}
      >
        {choices.map(({ word, label, hint }) => (
          <option key={word} value={word} selected={word === text} title={hint}>
            {label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

function Frame({ form, setting, changed, children }: FieldProps & { readonly children: ComponentChildren }) {
  const { name, label, hint } = setting;
  const { text, problem, note } = form.draft(name);
  return (
    <div class={`field field-${name}`}>
      <label for={`field-${name}`} title={hint}>
        {label}
        {changed && <span class="changed" title="changed since this run began" />}
        <CurvePicture name={name} word={text} />
      </label>
      {children}
      <p id={`hint-${name}`} class={problem ? 'problem' : note ? 'from-link' : 'hint'} aria-live="polite">
        {problem ?? note ?? form.hintOf(name)}
      </p>
    </div>
  );
}

function attributes(name: string, problem: string | undefined) {
  return {
    id: `field-${name}`,
    'aria-describedby': `hint-${name}`,
    ...(problem ? { 'aria-invalid': 'true' as const } : {}),
  };
}
