import type { LossRule } from './loss-rule';

/**
 * -Σ_n q_n log p_n with p = softmax(y): the cross-entropy of one class a row.
 *
 * q is 1 at the row's class. With label smoothing ε it is 1 - ε there, and ε / N more at every class: Szegedy et al. (2016).
 */
export const softmaxCrossEntropy: LossRule<'labelSmoothing'> = {
  label: 'softmax cross-entropy',
  hint: 'One class a row: the outputs become probabilities that add up to 1.',
  targets: 'class',
  settings: {
    labelSmoothing: {
      label: 'Label smoothing',
      hint: 'The part of the right probability that is spread over all classes.',
      initial: 0,
      min: 0,
      max: 1,
      below: true,
    },
  },
  value(y, t, { labelSmoothing }) {
    const logs = logSoftmax(y);
    const all = logs.reduce((sum, log) => sum + log, 0);
    return -(1 - labelSmoothing) * logs[t[0]!]! - (labelSmoothing / logs.length) * all;
  },
  gradient: (y, t, { labelSmoothing }) =>
    logSoftmax(y).map((log, n) => Math.exp(log) - (n === t[0] ? 1 - labelSmoothing : 0) - labelSmoothing / y.length),
  metric: { label: 'Accuracy', better: 'higher', of: (y, t) => (largest(y) === t[0] ? 1 : 0) },
};

/** log softmax(y), the maximum subtracted first, so that nothing overflows. */
function logSoftmax(y: ArrayLike<number>): number[] {
  const max = y[largest(y)]!;
  const shifted = Array.from(y, (value) => value - max);
  const log = Math.log(shifted.reduce((sum, value) => sum + Math.exp(value), 0));
  return shifted.map((value) => value - log);
}

/** Where the largest output is; of equal ones the first. */
function largest(y: ArrayLike<number>): number {
  let best = 0;
  for (let n = 1; n < y.length; n++) if (y[n]! > y[best]!) best = n;
  return best;
}
