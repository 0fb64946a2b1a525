import { mean } from '../../base/statistics';
import { classCounts } from './confusion';
import type { ClassMetricRule } from './metric-rule';

/**
 * The mean over the classes of 2 hits / (rows + answers), the harmonic mean of precision and recall: scikit-learn's `f1_score`, macro.
 *
 * A class that has neither rows nor answers is left out.
 */
export const macroF1: ClassMetricRule = {
  label: 'Macro F1',
  hint: 'Precision and recall in one, each class counting alike.',
  targets: 'class',
  better: 'higher',
  of: (confusion, classes) =>
    mean(
      classCounts(confusion, classes)
        .filter(({ rows, answers }) => rows + answers > 0)
        .map(({ hits, rows, answers }) => (2 * hits) / (rows + answers)),
    ),
};
