// Shader timings: where the time of a training step goes, how sure that is, and what the adapter could do.

import { useEffect, useRef } from 'preact/hooks';
import { formatCount, formatMicroseconds } from '../../base/units';
import { rangeOf } from '../../profile/estimate';
import type { Recording } from '../../profile/recording';
import { isUnderWay } from '../learned/sweep-state';
import { useWhileInSight } from '../learned/in-sight';
import type { TrainingRun } from '../run';
import { AccountingBar } from './accounting-bar';
import { ClockWords } from './clock-words';
import { Comparing } from './comparing';
import { Exports } from './exports';
import { Later } from './later';
import { OperationTable } from './operation-table';
import { Roofline } from './roofline';
import { StepTimeline } from './step-timeline';

interface TimingsPanelProps {
  readonly run: TrainingRun;
  /** Goes to the shader of an operation. */
  readonly onShader: (label: string) => void;
}

/** The panel; while it is in sight, it asks for the times about once a second, and measures the ceilings once training rests. */
export function TimingsPanel({ run, onShader }: TimingsPanelProps) {
  const element = useRef<HTMLElement>(null);
  const { timings } = run;
  useWhileInSight(element, timings);
  useCeilings(run);
  const recording = timings.recording.value;
  return (
    <section class="timings" aria-labelledby="timings-title" ref={element}>
      <div class="section-head">
        <h2 id="timings-title">Shader timings</h2>
        <p>{recording ? headline(recording, timings.recorded.value!.timedSteps) : ''}</p>
      </div>
      <Notices run={run} recording={recording} />
      {recording ? (
        <Findings run={run} recording={recording} onShader={onShader} />
      ) : (
        <>
          <p class="waiting">
            {run.stage.value === 'failed'
              ? 'Nothing was recorded before the run ended.'
              : 'Where the time of a step goes is shown here once the first steps have run.'}
          </p>
          <Comparing timings={timings} recording={undefined} />
        </>
      )}
    </section>
  );
}

function Findings({ run, recording, onShader }: TimingsPanelProps & { readonly recording: Recording }) {
  const { timings } = run;
  const { timedSteps, submits } = timings.recorded.value!;
  const stamped = recording.clock.kind === 'stamps';
  return (
    <>
      <StepTimeline recording={recording} submits={submits} onShader={onShader} />
      {stamped && (
        <Later>
          <OperationTable recording={recording} onShader={onShader} />
        </Later>
      )}
      <Later>
        <div class="pair-of-findings">
          {stamped && <Roofline timings={timings} recording={recording} />}
          <AccountingBar recording={recording} />
        </div>
      </Later>
      <Later>
        <ClockWords recording={recording} timedSteps={timedSteps} />
        <Comparing timings={timings} recording={recording} />
        <Exports timings={timings} recording={recording} />
      </Later>
    </>
  );
}

/** What stands in the way of times, or has to be known of them. */
function Notices({ run, recording }: { readonly run: TrainingRun; readonly recording: Recording | undefined }) {
  const adapter = run.adapter.value;
  const stage = run.stage.value;
  const over = recording && (stage === 'failed' || stage === 'recovering');
  if (!over && !adapter?.software && adapter?.timestamps !== false) {
    return null;
  }
  return (
    <div class="notices">
      {adapter?.timestamps === false && (
        <p class="note">
          <strong>This adapter offers no timestamps</strong> (the WebGPU feature <code>timestamp-query</code>), so
          single operations cannot be timed; whole steps are, by the host’s clock. Training is not affected. Recent
          Chrome and Edge offer them on most GPUs: update the browser or the graphics driver, or profile on the command
          line with <code>npm run underglass -- profile</code>.
        </p>
      )}
      {adapter?.software && (
        <p class="note">
          A software adapter: these are the times of this machine’s processor, not of a GPU. What is fast here need not
          be fast there.
        </p>
      )}
      {over && <p class="note">The run ended before its time; this was recorded until then.</p>}
    </div>
  );
}

function headline({ productionStep }: Recording, timedSteps: number): string {
  const step = rangeOf(productionStep);
  const timed = timedSteps > 0 ? `${formatCount(timedSteps)} steps timed operation by operation` : '';
  return [step ? `${formatMicroseconds(step.value)} a step as it trains` : '', timed].filter(Boolean).join(', ');
}

/** Measures the ceilings where they are not known and nothing else wants the device. */
function useCeilings({ timings, findings, stage }: TrainingRun): void {
  const atRest = stage.value === 'paused' || stage.value === 'finished';
  const sweep = findings.sweep.value;
  const unknown = timings.ceilings.value === undefined && !timings.measuring.value && timings.fault.value === undefined;
  const stamped = timings.recording.value?.clock.kind === 'stamps';
  const due = atRest && unknown && stamped && !(sweep && isUnderWay(sweep));
  useEffect(() => {
    if (due) timings.measure();
  }, [due, timings]);
}
