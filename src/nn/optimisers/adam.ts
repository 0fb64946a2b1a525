import type { NumberSettings } from '../number-setting';
import type { OptimiserRule, UpdateNumbers, UpdatePosition } from './optimiser-rule';

/** The settings of Adam and of those that build on it; the initial ones are the paper's. */
export const adamSettings: NumberSettings<'beta1' | 'beta2' | 'epsilon'> = {
  beta1: {
    label: 'β₁',
    hint: 'How slowly the mean of the gradients forgets.',
    initial: 0.9,
    min: 0,
    max: 1,
    below: true,
  },
  beta2: {
    label: 'β₂',
    hint: 'How slowly the mean of their squares forgets.',
    initial: 0.999,
    min: 0,
    max: 1,
    below: true,
  },
  epsilon: {
    label: 'ε',
    hint: 'Added to the root of the mean square, so that nothing is divided by 0.',
    initial: 1e-8,
    min: 0,
    above: true,
  },
};

/**
 * Adam: steps along the mean gradient, each parameter's divided by the root of its mean square. Kingma and Ba (2015).
 *
 *   m <- m + (1 - β₁) (g - m),  v <- v + (1 - β₂) (g² - v)
 *   θ <- θ - α / (1 - β₁ᵗ) m / (√v / √(1 - β₂ᵗ) + ε)
 *
 * The divisions by 1 - βᵗ make up for means that start at 0.
 */
export const adam: OptimiserRule<'beta1' | 'beta2' | 'epsilon'> = {
  label: 'Adam',
  hint: "A step of its own size for each parameter, from its gradients' mean and mean square.",
  learningRate: 0.001,
  settings: adamSettings,
  state: ['mean', 'square'],
  numbers: adamNumbers,
  step: adamStep,
  flops: 13,
};

/** The numbers of a step: own is 1 - β₁, 1 - β₂, ε and 1 / √(1 - β₂ᵗ). */
export function adamNumbers(
  { beta1, beta2, epsilon }: { readonly beta1: number; readonly beta2: number; readonly epsilon: number },
  { step, rate }: UpdatePosition,
): UpdateNumbers {
  return {
    rate: rate / (1 - beta1 ** step),
    shrink: 0,
    own: [1 - beta1, 1 - beta2, epsilon, 1 / Math.sqrt(1 - beta2 ** step)],
  };
}

/** The new parameter; `state` is the mean and the mean square. */
export function adamStep(
  parameter: number,
  gradient: number,
  state: number[],
  { rate, own: [ofMean, ofSquare, epsilon, correction] }: UpdateNumbers,
): number {
  const mean = state[0]! + ofMean * (gradient - state[0]!);
  const square = state[1]! + ofSquare * (gradient * gradient - state[1]!);
  state[0] = mean;
  state[1] = square;
  return parameter - (rate * mean) / (Math.sqrt(square) * correction + epsilon);
}
