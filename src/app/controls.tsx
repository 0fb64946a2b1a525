// The controls: play, pause, restart with a seed, and how far training is.

import { useSignal } from '@preact/signals';
import { formatCount, formatDuration } from '../base/units';
import type { Stage, TrainingRun } from './run';

/** Seeds are NumPy's: whole numbers of 32 bits. */
const LARGEST_SEED = 2 ** 32 - 1;

/** The bar above the curves. */
export function Controls({ run }: { readonly run: TrainingRun }) {
  return (
    <section class="controls" aria-label="Training">
      <PlayButton run={run} />
      <RestartForm run={run} />
      <ProgressLine run={run} />
    </section>
  );
}

/** One button that pauses what runs and plays what rests; after the end it plays the same run again. */
function PlayButton({ run }: { readonly run: TrainingRun }) {
  const stage = run.stage.value;
  const plays = stage === 'paused' || stage === 'finished';
  const press = () => {
    if (stage === 'finished') {
      run.start(run.seed.value);
    } else if (stage === 'paused') {
      run.play();
    } else {
      run.pause();
    }
  };
  return (
    <button type="button" class="play" disabled={stage === 'opening' || stage === 'failed'} onClick={press}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={plays ? 'M4 2.5v11l9-5.5z' : 'M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z'} fill="currentColor" />
      </svg>
      {plays ? 'Play' : 'Pause'}
    </button>
  );
}

/** New weights from a seed, and training from the start. */
function RestartForm({ run }: { readonly run: TrainingRun }) {
  const seed = useSignal(String(run.seed.value));
  const restart = (event: SubmitEvent) => {
    event.preventDefault();
    run.start(Number(seed.value));
  };
  return (
    <form class="restart" onSubmit={restart}>
      <button type="submit" class="secondary">
        Restart
      </button>
      <label>
        <span>with seed</span>
        <input
          type="number"
          min="0"
          max={LARGEST_SEED}
          step="1"
          required
          value={seed.value}
          onInput={(event) => {
            seed.value = event.currentTarget.value;
          }}
        />
      </label>
    </form>
  );
}

function ProgressLine({ run }: { readonly run: TrainingRun }) {
  const { epoch, epochsPerSecond } = run.progress.value;
  const stage = run.stage.value;
  const left = ((run.epochs - epoch) / epochsPerSecond) * 1000;
  return (
    <div class="progress">
      <progress value={epoch} max={run.epochs} aria-label="Epochs done" />
      <p>
        <span>
          epoch <b data-testid="epoch">{formatCount(epoch)}</b> of {formatCount(run.epochs)}
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
