import { classCounts } from './confusion';
import type { ClassMetricRule } from './metric-rule';

export const accuracy: ClassMetricRule = {
  label: 'Accuracy',
  hint: 'The share of rows whose class was found.',
  targets: 'class',
  better: 'higher',
  of(confusion, classes) {
    const counts = classCounts(confusion, classes);
    const rows = counts.reduce((sum, count) => sum + count.rows, 0);
    return counts.reduce((sum, { hits }) => sum + hits, 0) / rows;
  },
};
