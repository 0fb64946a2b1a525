import type { OptimiserRule } from './optimiser-rule';

/**
 * RMSprop: each parameter's gradient divided by the root of its mean square. Tieleman and Hinton (2012), in PyTorch's form.
 *
 *   s <- s + (1 - a) (g² - s),  b <- μ b + g / (√s + ε),  θ <- θ - α b
 */
export const rmsprop: OptimiserRule<'smoothing' | 'epsilon' | 'momentum'> = {
  label: 'RMSprop',
  hint: "A step of its own size for each parameter, from its gradients' mean square.",
  learningRate: 0.01,
  settings: {
    smoothing: {
      label: 'Smoothing',
      hint: 'How slowly the mean square of the gradients forgets.',
      initial: 0.99,
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
    momentum: {
      label: 'Momentum',
      hint: 'How much of the last step goes into the next: 0 is none.',
      initial: 0,
      min: 0,
      max: 1,
      below: true,
    },
  },
  state: ['square', 'velocity'],
  numbers: ({ smoothing, epsilon, momentum }, { rate }) => ({
    rate,
    shrink: 0,
    own: [1 - smoothing, epsilon, momentum, 0],
  }),
  step(parameter, gradient, state, { rate, own: [ofSquare, epsilon, momentum] }) {
    const square = state[0]! + ofSquare * (gradient * gradient - state[0]!);
    const velocity = momentum * state[1]! + gradient / (Math.sqrt(square) + epsilon);
    state[0] = square;
    state[1] = velocity;
    return parameter - rate * velocity;
  },
  flops: 11,
};
