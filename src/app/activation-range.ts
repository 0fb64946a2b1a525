// Where the numbers of an activation lie, as its float64 definition tells.

import { type Activation, activations } from '../index';

/** The ends of an activation's values; infinite where it has none. */
export interface ActivationRange {
  readonly least: number;
  readonly most: number;
}

/** Inputs at which what is bounded has come to its end: a sigmoid at 40 is 1 in float64. */
const FAR = 1000;

/** The interval of an activation's values, a thousandth wide or less beside the true one. */
export function rangeOf(activation: Activation): ActivationRange {
  const { value } = activations[activation];
  const near = Array.from({ length: 2001 }, (_, i) => value((i - 1000) / 100));
  const isFlat = (end: number): boolean => Math.abs(value(end) - value(2 * end)) < 1e-6;
  return {
    least: isFlat(-FAR) ? Math.min(...near, value(-FAR)) : Number.NEGATIVE_INFINITY,
    most: isFlat(FAR) ? Math.max(...near, value(FAR)) : Number.POSITIVE_INFINITY,
  };
}

/** The largest probability that softmax makes of so many outputs of an activation; 1 where they are not bounded. */
export function largestProbability(activation: Activation, outputs: number): number {
  const { least, most } = rangeOf(activation);
  return 1 / (1 + (outputs - 1) * Math.exp(least - most));
}
