// Comparing: the present recording beside another, and which differences are more than noise.

import { useSignal } from '@preact/signals';
import { formatMicroseconds } from '../../base/units';
import { compare, type ComparedWork, settingsChanged } from '../../profile/comparison';
import type { Ranged } from '../../profile/estimate';
import { readRecording, type Recording } from '../../profile/recording';
import { describeFailure } from '../failure';
import type { Reference } from './references';
import type { Timings } from './timings';
import { NOTHING, signed } from './words';

interface ComparingProps {
  readonly timings: Timings;
  /** The present one; undefined while there is none. */
  readonly recording: Recording | undefined;
}

/** What to compare with, how to get more, and the comparison. */
export function Comparing({ timings, recording }: ComparingProps) {
  const references = timings.references.value;
  const reference = references.find(({ number }) => number === timings.chosen.value);
  const fault = useSignal<string | undefined>(undefined);
  return (
    <section class="comparing" aria-labelledby="comparing-title">
      <h3 id="comparing-title">Compare</h3>
      <p class="note">
        Keep this recording, change the program or a setting, and restart; or open a recording of another machine. The
        run before is kept by itself.
      </p>
      <div class="buttons">
        <button type="button" class="secondary" disabled={!recording} onClick={() => timings.keep()}>
          Keep to compare
        </button>
        <OpenFile
          timings={timings}
          onFault={(text) => {
            fault.value = text;
          }}
        />
      </div>
      <p class="fault" role="alert">
        {fault.value}
      </p>
      {references.length > 0 && <References timings={timings} references={references} />}
      {reference && recording && <ComparisonTable reference={reference} recording={recording} />}
      {reference && !recording && <p class="note">The comparison is shown once this run is recorded.</p>}
    </section>
  );
}

interface OpenFileProps {
  readonly timings: Timings;
  readonly onFault: (sentence: string | undefined) => void;
}

function OpenFile({ timings, onFault }: OpenFileProps) {
  const open = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    try {
      timings.add(file.name, readRecording(await file.text(), file.name));
      onFault(undefined);
    } catch (error) {
      onFault(describeFailure(error).message);
    }
    // So that the same file can be opened again.
    input.value = '';
  };
  return (
    <label class="file-button">
      Open a recording …
      <input
        type="file"
        class="unseen"
        accept=".json,application/json"
        onChange={(event) => void open(event.currentTarget)}
      />
    </label>
  );
}

interface ReferencesProps {
  readonly timings: Timings;
  readonly references: readonly Reference[];
}

function References({ timings, references }: ReferencesProps) {
  return (
    <fieldset class="references">
      <legend>Compared with</legend>
      {references.map(({ number, name, origin }) => (
        <div key={number}>
          <label>
            <input
              type="radio"
              name="timings-reference"
              checked={number === timings.chosen.value}
              onChange={() => {
                timings.chosen.value = number;
              }}
            />
            <span>{name}</span> <small>{ORIGINS[origin]}</small>
          </label>
          <button type="button" class="quiet sign" aria-label={`Forget ${name}`} onClick={() => timings.forget(number)}>
            ×
          </button>
        </div>
      ))}
    </fieldset>
  );
}

const ORIGINS: Readonly<Record<Reference['origin'], string>> = {
  previous: 'the run before',
  kept: 'kept',
  file: 'from a file',
};

const VERDICTS: Readonly<Record<ComparedWork['verdict'], string>> = {
  faster: 'faster',
  slower: 'slower',
  noise: 'noise',
  unknown: 'not measured',
};

function ComparisonTable({ reference, recording }: { readonly reference: Reference; readonly recording: Recording }) {
  const { by, rows, profiledStep, productionStep } = compare(reference.recording, recording);
  const steps = [
    { ...profiledStep, label: 'a timed step' },
    { ...productionStep, label: 'a step as it trains' },
  ];
  return (
    <>
      <div class="scroll-across" role="region" aria-label={`Compared with ${reference.name}`} tabIndex={0}>
        <table class="timing-table comparison-table">
          <thead>
            <tr>
              <th scope="col">{by}</th>
              <th scope="col">before</th>
              <th scope="col">now</th>
              <th scope="col">difference</th>
              <th scope="col">times as fast</th>
              <th scope="col">verdict</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((work) => (
              <Row key={work.label} work={work} />
            ))}
          </tbody>
          <tfoot>
            {steps.map((work) => (
              <Row key={work.label} work={work} />
            ))}
          </tfoot>
        </table>
      </div>
      <p class="note">
        {by === 'work' && 'The programs differ, so operations are added up by the work that they do. '}
        Noise: the 95% interval of the difference holds zero; of twenty rows without any difference, one may fail to do
        so by chance. {settingsChanged(reference.recording, recording).join(' ')}
      </p>
    </>
  );
}

function Row({ work }: { readonly work: ComparedWork }) {
  const { label, operations, beforeUs, afterUs, differenceUs, speedup, verdict } = work;
  const [before, after] = operations;
  return (
    <tr class={verdict}>
      <th scope="row">{label}</th>
      <td>{microseconds(beforeUs)}</td>
      <td>{microseconds(afterUs)}</td>
      <td>{differenceUs ? signed(differenceUs) : NOTHING}</td>
      <td>{speedup && Number.isFinite(speedup.value) ? speedup.value.toFixed(2) : NOTHING}</td>
      <td>{before === 0 ? 'only now' : after === 0 ? 'only before' : VERDICTS[verdict]}</td>
    </tr>
  );
}

function microseconds(range: Ranged | undefined): string {
  return range ? formatMicroseconds(range.value) : NOTHING;
}
