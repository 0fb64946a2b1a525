// The table of shader times: what each kernel of a training step takes on this adapter.

import { Fragment } from 'preact';
import { formatCount, formatMicroseconds } from '../base/units';
import type { Phase } from '../index';
import type { TrainingRun } from './run';
import { isRounded, roundingError, type StepSummary, summarise } from './timing-summary';

/** What each phase of a step does, for a student. */
const PHASES: Readonly<Record<Phase, string>> = {
  forward: 'the images go through the layers, to a loss',
  backward: 'the gradient: what each weight does to the loss',
  update: 'every weight moves a little against its gradient',
  evaluation: 'loss and accuracy, without learning',
};

/** The times, or what to do where they cannot be had. */
export function TimingTable({ run }: { readonly run: TrainingRun }) {
  const timings = run.timings.value;
  const step = summarise(timings);
  return (
    <section class="timings" aria-labelledby="timings-title">
      <div class="section-head">
        <h2 id="timings-title">Shader times</h2>
        <p>{step.steps > 0 ? `${formatCount(step.kernels)} kernels a step` : ''}</p>
      </div>
      {run.adapter.value?.timestamps === false ? (
        <WithoutTimestamps />
      ) : step.steps === 0 ? (
        <p class="waiting">Each kernel of a training step will be listed here once the first steps have run.</p>
      ) : (
        <>
          <StepTable step={step} />
          <p class="note">
            Now and then a step runs with a pass, and two timestamps, for each kernel; {formatCount(step.steps)} steps
            were timed so far. All the others run faster, in one pass.{' '}
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
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">operation</th>
          <th scope="col">kernel</th>
          <th scope="col">timed</th>
          <th scope="col">mean</th>
          <th scope="col" class="share">
            share of the step
          </th>
        </tr>
      </thead>
      {step.phases.map(({ phase, rows, meanUs, share }, i) => (
        <Fragment key={`${phase} ${i}`}>
          <tbody>
            <tr class="phase">
              <th scope="rowgroup" colSpan={3}>
                {phase} <small>{PHASES[phase]}</small>
              </th>
              <td>{formatMicroseconds(meanUs)}</td>
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
                <td>{formatCount(row.calls)}</td>
                <td>{formatMicroseconds(row.meanUs)}</td>
                <td class="share">
                  <Share share={row.share} />
                </td>
              </tr>
            ))}
          </tbody>
        </Fragment>
      ))}
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            the whole step
          </th>
          <td>{formatMicroseconds(step.meanUs)}</td>
          <td class="share">
            <Share share={1} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function Share({ share }: { readonly share: number }) {
  return (
    <span class="bar">
      <span style={{ width: `${share * 100}%` }} />
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
