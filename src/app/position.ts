// Where a training stands between two steps.

import { formatCount } from '../base/units';

/** Whole epochs that are done, and steps of the one under way; 0 at the end of one. */
export interface Position {
  readonly epoch: number;
  readonly step: number;
}

/** The position after so many steps. */
export function positionAfter(steps: number, stepsAnEpoch: number): Position {
  return { epoch: Math.floor(steps / stepsAnEpoch), step: steps % stepsAnEpoch };
}

/** The steps that lead to a position. */
export function stepsTo({ epoch, step }: Position, stepsAnEpoch: number): number {
  return epoch * stepsAnEpoch + step;
}

/** A position as a place: `epoch 12`, or `epoch 12, step 5` in the midst of one. */
export function formatPlace({ epoch, step }: Position): string {
  return `epoch ${formatCount(epoch)}${step > 0 ? `, step ${formatCount(step)}` : ''}`;
}

/** A position as an age: `after 12 epochs`, or `after 12 epochs and 5 steps`. */
export function formatAge({ epoch, step }: Position): string {
  return `after ${formatCount(epoch)} epochs${step > 0 ? ` and ${formatCount(step)} ${step === 1 ? 'step' : 'steps'}` : ''}`;
}
