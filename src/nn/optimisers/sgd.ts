import type { OptimiserRule } from './optimiser-rule';

/**
 * Stochastic gradient descent with momentum, as in the tutorial: v <- μ v - α g, then θ <- θ + v.
 *
 * v carries the rate α, where PyTorch's buffer b does not: v = -α b. When the rate changes, v is scaled along with it, so the parameters
 * are PyTorch's. With Nesterov's look-ahead, θ <- θ + μ v - α g, with the new v.
 */
export const sgd: OptimiserRule<'momentum' | 'nesterov'> = {
  label: 'SGD',
  hint: 'Gradient descent, with momentum or without: few numbers, and nothing it hides.',
  learningRate: 0.2,
  settings: {
    momentum: {
      label: 'Momentum',
      hint: 'How much of the last step goes into the next: 0 is none, 0.9 is usual.',
      initial: 0,
      min: 0,
      max: 1,
      below: true,
    },
    nesterov: {
      label: 'Nesterov',
      hint: '1 looks ahead along the momentum, 0 does not.',
      initial: 0,
      min: 0,
      max: 1,
      whole: true,
    },
  },
  state: ['velocity'],
  numbers({ momentum, nesterov }, { rate, lastRate }) {
    // The quotient first: it is exactly 1 at a constant rate. A rate of 0 has left no velocity to scale.
    const kept = lastRate > 0 ? momentum * (rate / lastRate) : momentum;
    return { rate, shrink: 0, own: [kept, nesterov === 1 ? momentum : 0, 0, 0] };
  },
  step(parameter, gradient, state, { rate, own: [kept, ahead] }) {
    const velocity = kept * state[0]! - rate * gradient;
    state[0] = velocity;
    return ahead > 0 ? parameter + (ahead * velocity - rate * gradient) : parameter + velocity;
  },
  flops: 4,
};
