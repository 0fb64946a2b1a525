// The step as a timeline: one step on average or submits as they ran, with the numbers of the bar that is looked at.

import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { formatCount } from '../../base/units';
import type { Recording } from '../../profile/recording';
import { type Bar, barOf, type FlameChart, runChart, stepChart } from './bars';
import { BarReading } from './bar-reading';
import { Flames } from './flames';
import type { TimeWindow } from './time-window';

type View = 'step' | 'run';

interface StepTimelineProps {
  readonly recording: Recording;
  /** Submits that are kept, of which the recording has the latest. */
  readonly submits: number;
  readonly onShader: (label: string) => void;
}

/** The chart; submits stand still while somebody looks at them closely. */
export function StepTimeline({ recording, submits, onShader }: StepTimelineProps) {
  const stamped = recording.clock.kind === 'stamps';
  const view = useSignal<View>('step');
  const shown = stamped ? view.value : 'run';
  const window = useSignal<TimeWindow | undefined>(undefined);
  const looking = useSignal(false);
  const held = useSignal<Recording | undefined>(undefined);
  const pointed = useSignal<Bar | undefined>(undefined);
  const holds = useComputed(() => looking.value || window.value !== undefined);
  useSignalEffect(() => {
    held.value = holds.value ? recording : undefined;
  });
  const drawn = (shown === 'run' && held.value) || recording;
  const chart = useMemo<FlameChart>(() => (shown === 'run' ? runChart(drawn) : stepChart(drawn)), [shown, drawn]);
  const bar = barOf(chart, pointed.value?.key) ?? chart.rows.find(({ bars }) => bars.length > 0)?.bars[0];
  const choose = (next: View) => {
    view.value = next;
    window.value = undefined;
    pointed.value = undefined;
  };
  return (
    <section class="step-timeline" aria-labelledby="timeline-title">
      <div class="timeline-head">
        <h3 id="timeline-title">The step as a timeline</h3>
        {stamped && (
          <fieldset class="split-choice">
            <legend class="unseen">Shown</legend>
            <Choice name="one step, by means" checked={shown === 'step'} choose={() => choose('step')} />
            <Choice name="the run, as recorded" checked={shown === 'run'} choose={() => choose('run')} />
          </fieldset>
        )}
      </div>
      {chart.endUs > chart.beginUs ? (
        <Flames
          chart={chart}
          window={window}
          looking={looking}
          current={bar?.key}
          onPoint={(next) => {
            pointed.value = next;
          }}
        />
      ) : (
        <p class="waiting flames-waiting">No operation is timed yet.</p>
      )}
      <p class="note">
        {shown === 'step'
          ? 'Operations in their order, each as wide as its mean in a pass of its own; the table below has the same numbers.'
          : `${submitWords(drawn.timeline.length, submits)} on the host’s clock; it stands still while you look closely.`}
      </p>
      <BarReading recording={drawn} bar={bar} onShader={onShader} />
    </section>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly checked: boolean;
  readonly choose: () => void;
}

function Choice({ name, checked, choose }: ChoiceProps) {
  return (
    <label>
      <input type="radio" name="timeline-view" checked={checked} onChange={choose} />
      {name}
    </label>
  );
}

function submitWords(shown: number, kept: number): string {
  const count = formatCount(shown);
  return shown < kept
    ? `The latest ${count} of ${formatCount(kept)} submits (all of them once training rests),`
    : `${count} ${shown === 1 ? 'submit' : 'submits'}`;
}
