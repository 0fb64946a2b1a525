// The table of shader times: what each kernel of a training step takes on this adapter.

import { formatCount, formatMicroseconds } from '../base/units';
import type { Phase } from '../index';
import type { TrainingRun } from './run';
import { isRounded, roundingError, type StepSummary, summarise } from './timing-summary';

/** What each phase of a step does, for a student. */
const PHASES: Readonly<Record<Phase, string>> = {
  forward: 'from the images to a loss',
  backward: 'from the loss to gradients',
  update: 'weights move against them',
  evaluation: 'loss and accuracy only',
};

/** The times, or what to do where they cannot be had. */
export function TimingTable({ run }: { readonly run: TrainingRun }) {
  const timings = run.timings.value;
  const step = summarise(timings);
  return (
    <section class="timings" aria-labelledby="timings-title">
      <div class="section-head">
        <h2 id="timings-title">Shader times</h2>
        <p>{step.steps > 0 ? `${formatCount(step.kernels)} kernels, ${formatMicroseconds(step.meanUs)} a step` : ''}</p>
      </div>
      {run.adapter.value?.timestamps === false ? (
        <WithoutTimestamps />
      ) : step.steps === 0 ? (
        <p class="waiting">Each kernel of a training step will be listed here once the first steps have run.</p>
      ) : (
        <>
          <StepTable step={step} />
          <p class="note">
            A sample of the steps, {formatCount(step.steps)} so far, runs with a pass and two timestamps for each
            kernel; all others go in one pass, and faster.{' '}
            {isRounded(timings) &&
              `This browser rounds timestamps to 65.536 µs; averaged over ${formatCount(step.steps)} steps that leaves ` +
                `at most ±${formatMicroseconds(roundingError(step.steps))} a kernel.`}
          </p>
        </>
      )}
    </section>
  );
}

function StepTable({ step }: { readonly step: StepSummary }) {
  const format = microsecondsFormat(step.meanUs);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">operation</th>
          <th scope="col" class="kernel">
            kernel
          </th>
          <th scope="col" class="calls">
            timed
          </th>
          <th scope="col">mean, µs</th>
          <th scope="col" class="share">
            share of the step
          </th>
        </tr>
      </thead>
      {step.phases.map(({ phase, rows, meanUs, share }, i) => (
        <tbody key={`${phase} ${i}`}>
          <tr class="phase">
            <th scope="rowgroup">{phase}</th>
            <td class="kernel" colSpan={2}>
              {PHASES[phase]}
            </td>
            <td>{format(meanUs)}</td>
            <td class="share">
              <Share share={share} />
            </td>
          </tr>
          {rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              <td class="kernel">
                <code>{row.kernel}</code>
              </td>
              <td class="calls">{formatCount(row.calls)}</td>
              <td>{format(row.meanUs)}</td>
              <td class="share">
                <Share share={row.share} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
      <tfoot>
        <tr>
          <th scope="row">the whole step</th>
          <td class="kernel" colSpan={2} />
          <td>{format(step.meanUs)}</td>
          <td class="share">
            <Share share={1} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

/** Microseconds with as many decimals as leave the column about four digits, the same in every row. */
function microsecondsFormat(largest: number): (us: number) => string {
  const digits = largest >= 1000 ? 0 : largest >= 100 ? 1 : 2;
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (us) => format.format(us);
}

function Share({ share }: { readonly share: number }) {
  return (
    <span class="bar">
      <span>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <b>{(share * 100).toFixed(1)}%</b>
    </span>
  );
}

function WithoutTimestamps() {
  return (
    <p class="waiting">
      This adapter offers no timestamps (the WebGPU feature <code>timestamp-query</code>), so no shader can be timed;
      training is not affected. Recent Chrome and Edge offer them on most GPUs: update the browser or the graphics
      driver, or run <code>npm run train</code> on the command line.
    </p>
  );
}
