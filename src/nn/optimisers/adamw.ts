import { adamNumbers, adamSettings, adamStep } from './adam';
import type { OptimiserRule } from './optimiser-rule';

/**
 * Adam with decoupled weight decay: θ <- θ - α λ θ, then Adam's step. Loshchilov and Hutter (2019).
 *
 * Unlike an L2 penalty, the decay stays out of the means. As in PyTorch, it takes in every parameter, biases too.
 */
export const adamw: OptimiserRule<'beta1' | 'beta2' | 'epsilon' | 'weightDecay'> = {
  label: 'AdamW',
  hint: 'Adam, with a decay of the parameters that their gradients do not scale.',
  learningRate: 0.001,
  settings: {
    ...adamSettings,
    weightDecay: {
      label: 'Weight decay',
      hint: 'Each step takes this part of every parameter off, times the learning rate.',
      initial: 0.01,
      min: 0,
    },
  },
  state: ['mean', 'square'],
  numbers: (settings, at) => ({ ...adamNumbers(settings, at), shrink: at.rate * settings.weightDecay }),
  step: (parameter, gradient, state, numbers) =>
    adamStep(parameter - numbers.shrink * parameter, gradient, state, numbers),
  flops: 15,
};
