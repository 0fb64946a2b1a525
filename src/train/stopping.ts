// Early stopping: when a training ends by itself, and which evaluation was the best, as a pure state machine.

import { requireWhole } from '../base/checks';
import { UnderglassError } from '../base/errors';

/** What {@link stopping} takes. */
export interface StoppingOptions {
  /** Evaluations in a row without improvement after which the training stops; at least 1. */
  readonly patience: number;
  /** What must improve on the validation set: its loss unless told. */
  readonly watch?: 'loss' | 'metric' | undefined;
  /** The least change that counts as improvement; 0 unless told, where any does. */
  readonly minimumImprovement?: number | undefined;
}

/** When a training stops, with its numbers checked. */
export interface Stopping {
  readonly patience: number;
  readonly watch: 'loss' | 'metric';
  readonly minimumImprovement: number;
  /** Of what is watched. */
  readonly better: 'higher' | 'lower';
}

/**
 * A stopping with its numbers checked.
 *
 * @param validationRows rows of the validation set
 * @param metric of the training's loss
 * @throws UnderglassError 'usage' for a number out of its range, or where there are no rows to judge by
 */
export function stopping(
  { patience, watch = 'loss', minimumImprovement = 0 }: StoppingOptions,
  validationRows: number,
  metric: { readonly better: 'higher' | 'lower' },
): Stopping {
  requireWhole('The patience', patience, { min: 1, remedy: 'leave it out to train all epochs' });
  if (!(minimumImprovement >= 0 && Number.isFinite(minimumImprovement))) {
    throw new UnderglassError(
      'usage',
      `The minimum improvement is ${minimumImprovement}; use a finite number of at least 0.`,
    );
  }
  if (validationRows === 0) {
    throw new UnderglassError(
      'usage',
      `A patience of ${patience} needs a validation set to judge by, but it has no rows; give it some, or leave the patience out.`,
    );
  }
  return { patience, watch, minimumImprovement, better: watch === 'loss' ? 'lower' : metric.better };
}

/** What a validation set tells. */
export interface WatchedScore {
  readonly loss: number;
  readonly metric: number;
}

/** What is remembered from one evaluation to the next; plain data, to be kept with a training's state. */
export interface StoppingState {
  /** The best value so far and the steps that were done then; undefined before the first finite one. */
  readonly best: { readonly value: number; readonly step: number } | undefined;
  /** The value that the next must better by the minimum improvement. */
  readonly mark: number | undefined;
  /** Evaluations in a row that did not. */
  readonly waited: number;
}

/** Before the first evaluation. */
export const STOPPING_START: StoppingState = { best: undefined, mark: undefined, waited: 0 };

/** What an evaluation means for the training. */
export interface StoppingVerdict {
  readonly state: StoppingState;
  /** Whether its parameters are the best so far, to be kept; of equal ones, the first are. */
  readonly best: boolean;
  readonly stop: boolean;
}

/**
 * The verdict on one evaluation.
 *
 * The best parameters are those of the best value, by however little. Patience starts again only when the value has bettered
 * the one where it last started by the minimum improvement, so many small gains count once they add up to it. What is not
 * finite is never an improvement.
 *
 * @param step steps done, over the whole training
 */
export function afterEvaluation(
  { patience, watch, minimumImprovement, better }: Stopping,
  state: StoppingState,
  step: number,
  score: WatchedScore,
): StoppingVerdict {
  const value = score[watch];
  /** By how much the value betters another: negative where it is worse, infinite where there is no other. */
  const gain = (other: number | undefined) => {
    if (!Number.isFinite(value)) return Number.NEGATIVE_INFINITY;
    if (other === undefined) return Number.POSITIVE_INFINITY;
    return better === 'higher' ? value - other : other - value;
  };
  const best = gain(state.best?.value) > 0;
  const gained = gain(state.mark);
  const improved = gained > 0 && gained >= minimumImprovement;
  const waited = improved ? 0 : state.waited + 1;
  return {
    state: { best: best ? { value, step } : state.best, mark: improved ? value : state.mark, waited },
    best,
    stop: waited >= patience,
  };
}
