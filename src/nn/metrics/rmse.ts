import { mean } from '../../base/statistics';
import type { ValueMetricRule } from './metric-rule';
import { meanOverOutputs } from './outputs';

/** √(mean (y - t)²), and the mean of that over the outputs: scikit-learn's `mean_squared_error` with `squared=False`. */
export const rmse: ValueMetricRule = {
  label: 'RMSE',
  hint: 'The root of the mean squared error, in the unit of the targets.',
  targets: 'values',
  better: 'lower',
  of: (answers, targets, outputs) =>
    meanOverOutputs(answers, targets, outputs, ({ y, t }) =>
      Math.sqrt(mean(y.map((value, row) => (value - t[row]!) ** 2))),
    ),
};
