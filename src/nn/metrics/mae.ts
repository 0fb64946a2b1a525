import { mean } from '../../base/statistics';
import type { ValueMetricRule } from './metric-rule';
import { meanOverOutputs } from './outputs';

export const mae: ValueMetricRule = {
  label: 'MAE',
  hint: 'The mean absolute error, in the unit of the targets.',
  targets: 'values',
  better: 'lower',
  of: (answers, targets, outputs) =>
    meanOverOutputs(answers, targets, outputs, ({ y, t }) => mean(y.map((value, row) => Math.abs(value - t[row]!)))),
};
