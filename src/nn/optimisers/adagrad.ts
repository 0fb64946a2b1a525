import type { OptimiserRule } from './optimiser-rule';

/**
 * Adagrad: each parameter's gradient divided by the root of the sum of all its squares. Duchi, Hazan and Singer (2011).
 *
 *   s <- s + g²,  θ <- θ - α / (1 + (t - 1) η) g / (√s + ε)
 */
export const adagrad: OptimiserRule<'epsilon' | 'rateDecay'> = {
  label: 'Adagrad',
  hint: 'Smaller steps for parameters that have had large gradients; they never grow again.',
  learningRate: 0.01,
  settings: {
    epsilon: {
      label: 'ε',
      hint: 'Added to the root of the sum, so that nothing is divided by 0.',
      initial: 1e-10,
      min: 0,
      above: true,
    },
    rateDecay: {
      label: 'Rate decay',
      hint: 'η: the learning rate is divided by 1 + (t - 1) η in step t.',
      initial: 0,
      min: 0,
    },
  },
  state: ['sum'],
  numbers: ({ epsilon, rateDecay }, { step, rate }) => ({
    rate: rate / (1 + (step - 1) * rateDecay),
    shrink: 0,
    own: [epsilon, 0, 0, 0],
  }),
  step(parameter, gradient, state, { rate, own: [epsilon] }) {
    const sum = state[0]! + gradient * gradient;
    state[0] = sum;
    return parameter - (rate * gradient) / (Math.sqrt(sum) + epsilon);
  },
  flops: 7,
};
