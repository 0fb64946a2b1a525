import { absoluteError } from './absolute-error';
import type { LossRule } from './loss-rule';

/** The mean over the outputs of (y - t)². */
export const meanSquaredError: LossRule<never> = {
  label: 'mean squared error',
  hint: 'Values: large errors count most.',
  targets: 'values',
  settings: {},
  value: (y, t) =>
    Array.from(y, (value, n) => (value - t[n]!) ** 2).reduce((sum, square) => sum + square, 0) / y.length,
  gradient: (y, t) => Array.from(y, (value, n) => (2 * (value - t[n]!)) / y.length),
  metric: absoluteError,
};
