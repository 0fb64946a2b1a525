// The run bar: play, pause, one step, restart, and how far training is.

import { formatCount, formatDuration } from '../base/units';
import type { Lab } from './lab';
import { stepsAnEpoch } from '../experiment/build';
import type { Stage, TrainingRun } from './run';

/** The bar above the panels. */
export function RunBar({ lab }: { readonly lab: Lab }) {
  return (
    <section class="run-bar" aria-label="Training">
      <div class="buttons">
        <PlayButton lab={lab} />
        <StepButton run={lab.run} />
        <button type="button" class="secondary" title="New weights from the seed" onClick={() => lab.restart()}>
          <Sign path="M13 8a5 5 0 1 1-1.6-3.7M13 1.5v3.3H9.7" drawn />
          Restart
        </button>
      </div>
      <ProgressLine run={lab.run} />
    </section>
  );
}

/** One button that pauses what runs and plays what rests; after the end it plays the form's settings. */
function PlayButton({ lab }: { readonly lab: Lab }) {
  const { run } = lab;
  const stage = run.stage.value;
  const plays = stage === 'paused' || stage === 'finished';
  const press = () => {
    if (stage === 'finished') {
      lab.restart();
    } else if (stage === 'paused') {
      run.play();
    } else {
      run.pause();
    }
  };
  return (
    <button type="button" class="play" disabled={!plays && stage !== 'running'} onClick={press}>
      <Sign path={plays ? 'M4 2.5v11l9-5.5z' : 'M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z'} />
      {plays ? 'Play' : 'Pause'}
    </button>
  );
}

/** With the full batch a step is an epoch; else it is one batch of it. */
function StepButton({ run }: { readonly run: TrainingRun }) {
  const steps = stepsAnEpoch(run.settings.value);
  return (
    <button
      type="button"
      class="secondary step"
      disabled={run.stage.value !== 'paused'}
      title={`One update of all weights${steps === 1 ? '' : `, from one of the epoch’s ${steps} batches`}`}
      onClick={() => run.step()}
    >
      <Sign path="M3 2.5v11l7-5.5zM11 2.5h2.5v11H11z" />
      One step
    </button>
  );
}

function Sign({ path, drawn = false }: { readonly path: string; readonly drawn?: boolean }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={path}
        fill={drawn ? 'none' : 'currentColor'}
        {...(drawn ? { stroke: 'currentColor', 'stroke-width': '1.8' } : {})}
      />
    </svg>
  );
}

function ProgressLine({ run }: { readonly run: TrainingRun }) {
  const { position, epochsPerSecond } = run.progress.value;
  const { epoch, step } = position;
  const { epochs } = run.settings.value;
  const steps = stepsAnEpoch(run.settings.value);
  const stage = run.stage.value;
  const left = ((epochs - epoch) / epochsPerSecond) * 1000;
  return (
    <div class="progress">
      <progress value={epoch} max={epochs} aria-label="Epochs done" />
      <p>
        <span>
          epoch <b data-testid="epoch">{formatCount(epoch)}</b> of {formatCount(epochs)}
          {step > 0 && (
            <>
              , step <b data-testid="step">{step}</b> of {steps}
            </>
          )}
        </span>
        <span>{epochsPerSecond > 0 ? `${formatRate(epochsPerSecond)} epochs/s` : ''}</span>
        <span data-testid="stage">
          {stage === 'running' && Number.isFinite(left) ? `${formatLeft(left)} left` : STAGES[stage]}
        </span>
      </p>
    </div>
  );
}

const STAGES: Readonly<Record<Stage, string>> = {
  opening: 'compiling the shaders …',
  recovering: 'opening the GPU again …',
  running: 'training …',
  paused: 'paused',
  finished: 'finished',
  failed: 'stopped',
};

/** Whole seconds below a minute: tenths that flicker tell nothing. */
function formatLeft(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : formatDuration(milliseconds);
}

function formatRate(rate: number): string {
  return rate < 9.95 ? rate.toFixed(1) : formatCount(rate);
}
