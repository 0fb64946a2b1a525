import { describe, expect, test } from 'vitest';
import { confusionCounts, metrics } from '../../../src/nn/metrics';
import golden from '../../golden/sklearn-metrics.json';
import { expectClose } from '../../support/close';

describe.each(golden.classes)('of $classes classes', ({ labels, predicted, classes, confusion, ...expected }) => {
  test("the confusion matrix is scikit-learn's", () => {
    expect(Array.from(confusionCounts(predicted, labels, classes))).toEqual(confusion);
  });

  test.each(['accuracy', 'balancedAccuracy', 'macroF1'] as const)("%s is scikit-learn's", (name) => {
    expect(metrics[name].of(confusion, classes)).toBeCloseTo(expected[name], 14);
  });
});

describe.each(golden.values)('of $outputs values', ({ outputs, y, t, ...expected }) => {
  test.each(['r2', 'rmse', 'mae'] as const)("%s is scikit-learn's", (name) => {
    expectClose([metrics[name].of(y, t, outputs)], [expected[name]], 1e-13);
  });
});

test('one row has no R²', () => {
  expect(metrics.r2.of([1, 2], [1, 2], 2)).toBeNaN();
});
