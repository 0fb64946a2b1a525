import type { LossMetric } from './loss-rule';

/** The mean over the outputs of |y - t|: in the unit of the targets, and no outlier rules it. */
export const absoluteError: LossMetric = {
  label: 'Mean absolute error',
  better: 'lower',
  of: (y, t) => Array.from(y, (value, n) => Math.abs(value - t[n]!)).reduce((sum, error) => sum + error, 0) / y.length,
};
