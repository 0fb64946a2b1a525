import type { LossRule } from './loss-rule';

/** The mean over the outputs of -t log p - (1 - t) log(1 - p) with p = 1 / (1 + exp(-y)): each output a question of its own. */
export const sigmoidCrossEntropy: LossRule<never> = {
  label: 'sigmoid cross-entropy',
  hint: 'Any number of flags a row: each output becomes a probability of its own.',
  targets: 'flags',
  settings: {},
  value(y, t) {
    // log(1 + exp(-|y|)) cannot overflow.
    const terms = Array.from(y, (z, n) => Math.max(z, 0) - z * t[n]! + Math.log1p(Math.exp(-Math.abs(z))));
    return terms.reduce((sum, term) => sum + term, 0) / y.length;
  },
  gradient: (y, t) => Array.from(y, (z, n) => (1 / (1 + Math.exp(-z)) - t[n]!) / y.length),
  metric: {
    label: 'Accuracy of flags',
    better: 'higher',
    of: (y, t) => Array.from(y).filter((z, n) => z > 0 === (t[n] === 1)).length / y.length,
  },
};
