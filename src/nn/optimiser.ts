// The optimiser as plain data: gradient descent with momentum and an L2 penalty on the weights.

import { UnderglassError } from '../base/errors';

/**
 * Gradient descent with momentum: v <- μ v - α g, then θ <- θ + v.
 *
 * g is the gradient of the mean loss over the N rows of a batch plus λ / (2N) Σ_l ||W_l||²; biases carry no penalty.
 */
export interface Optimiser {
  /** α, above 0. */
  readonly learningRate: number;
  /** μ, from 0 (none) to below 1. */
  readonly momentum: number;
  /** λ, from 0 (none) up. */
  readonly l2: number;
}

/** What {@link optimiser} takes: momentum and l2 are 0 unless told. */
export interface OptimiserOptions {
  readonly learningRate: number;
  readonly momentum?: number | undefined;
  readonly l2?: number | undefined;
}

/**
 * An optimiser with its numbers checked.
 *
 * @throws UnderglassError 'usage' if a number is not finite or out of its range
 */
export function optimiser({ learningRate, momentum = 0, l2 = 0 }: OptimiserOptions): Optimiser {
  if (!(Number.isFinite(learningRate) && learningRate > 0)) {
    throw new UnderglassError(
      'usage',
      `The learning rate is ${learningRate}; use a finite number above 0, such as the tutorial's 0.2.`,
    );
  }
  if (!(momentum >= 0 && momentum < 1)) {
    throw new UnderglassError('usage', `The momentum is ${momentum}; use a number from 0 to below 1.`);
  }
  if (!(Number.isFinite(l2) && l2 >= 0)) {
    throw new UnderglassError('usage', `The L2 penalty is ${l2}; use a finite number of at least 0.`);
  }
  return { learningRate, momentum, l2 };
}
