import { absoluteError } from './absolute-error';
import type { LossRule } from './loss-rule';

/**
 * The mean over the outputs of d² / 2 where |d| is at most δ, and δ (|d| - δ / 2) beyond; d = y - t. Huber (1964).
 *
 * As in PyTorch, δ is in the unit of the targets.
 */
export const huber: LossRule<'delta'> = {
  label: 'Huber',
  hint: 'Values: like half the squared error up to δ, in a straight line beyond, so that outliers count less.',
  targets: 'values',
  settings: {
    delta: { label: 'δ', hint: 'The error beyond which the loss is a straight line.', initial: 1, min: 0, above: true },
  },
  value(y, t, { delta }) {
    const terms = Array.from(y, (value, n) => {
      const error = Math.abs(value - t[n]!);
      return error <= delta ? error ** 2 / 2 : delta * (error - delta / 2);
    });
    return terms.reduce((sum, term) => sum + term, 0) / y.length;
  },
  gradient: (y, t, { delta }) =>
    Array.from(y, (value, n) => Math.min(Math.max(value - t[n]!, -delta), delta) / y.length),
  metric: absoluteError,
};
