import { describe, expect, test } from 'vitest';
import { classWeights } from '../../src/nn/class-weights';
import golden from '../golden/sklearn-metrics.json';
import { expectError } from '../support/errors';

describe.each(golden.classes)('of $classes classes', ({ labels, classes, balanced }) => {
  const weights = classWeights('balanced', labels, classes);

  test("balanced weights are scikit-learn's", () => {
    expect(weights.length).toBe(classes);
    for (const [label, weight] of Object.entries(balanced)) expect(weights[Number(label)]).toBeCloseTo(weight, 14);
  });

  test('balanced rows weigh 1 in the mean, and each class as much as any other', () => {
    const totals = new Map<number, number>();
    for (const label of labels) totals.set(label, (totals.get(label) ?? 0) + weights[label]!);
    for (const total of totals.values()) expect(total).toBeCloseTo(labels.length / totals.size, 12);
  });
});

test('a class without rows weighs 1', () => {
  expect(Array.from(classWeights('balanced', [0, 2, 2, 2], 4))).toEqual([2, 1, 2 / 3, 1]);
});

test('given weights are taken as they are', () => {
  expect(Array.from(classWeights([1, 0, 2.5], [0, 0, 0], 3))).toEqual([1, 0, 2.5]);
});

test.each<[readonly number[], RegExp]>([
  [[1, 2], /^There are 2 class weights for 3 classes; give one for each, or 'balanced'\.$/],
  [[1, -1, 2], /^The weight of class 1 is -1; use a number of at least 0/],
  [[1, 1, Number.NaN], /^The weight of class 2 is NaN/],
  [[1e39, 1, 1], /^The weight of class 0 is 1e\+39; .* that float32 can hold/],
  [[0, 0, 1e-60], /^All class weights are 0/],
])('the weights %j of three classes are refused', (weights, message) => {
  expectError(() => classWeights(weights, [0, 1, 2], 3), 'usage', message);
});
