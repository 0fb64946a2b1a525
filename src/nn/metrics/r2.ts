import { mean } from '../../base/statistics';
import type { ValueMetricRule } from './metric-rule';
import { meanOverOutputs, type OutputColumns } from './outputs';

/** 1 - Σ (y - t)² / Σ (t - mean t)²: scikit-learn's `r2_score`. Fewer than two rows have none: NaN. */
export const r2: ValueMetricRule = {
  label: 'R²',
  hint: 'The share of the variance that is explained: 1 is all, 0 no more than the mean explains.',
  targets: 'values',
  better: 'higher',
  of: (y, t, outputs) => meanOverOutputs(y, t, outputs, explained),
};

function explained({ y, t }: OutputColumns): number {
  if (t.length < 2) return Number.NaN;
  const center = mean(t);
  const left = t.reduce((sum, target, row) => sum + (y[row]! - target) ** 2, 0);
  const all = t.reduce((sum, target) => sum + (target - center) ** 2, 0);
  // Targets that are all the same have no variance to explain.
  if (all === 0) return left === 0 ? 1 : 0;
  return 1 - left / all;
}
