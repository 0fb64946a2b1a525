import { mean } from '../../base/statistics';
import { classCounts } from './confusion';
import type { ClassMetricRule } from './metric-rule';

/** The mean over the classes that have rows of the share that was found: scikit-learn's `balanced_accuracy_score`. */
export const balancedAccuracy: ClassMetricRule = {
  label: 'Balanced accuracy',
  hint: 'The share of rows whose class was found, each class counting alike.',
  targets: 'class',
  better: 'higher',
  of: (confusion, classes) =>
    mean(
      classCounts(confusion, classes)
        .filter(({ rows }) => rows > 0)
        .map(({ hits, rows }) => hits / rows),
    ),
};
