import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Split, trainTestSplit } from '../../src/data/split';
import golden from '../golden/splits.json';
import { loadDigits } from '../support/digits';
import { expectError } from '../support/errors';

function expectSplit(split: Split, expected: { train: number[]; test: number[] }): void {
  expect(Array.from(split.train)).toEqual(expected.train);
  expect(Array.from(split.test)).toEqual(expected.test);
}

describe('the split equals scikit-learn', () => {
  test.each(golden.plain)('$count rows, test size $testSize, seed $seed', (example) => {
    const { count, testSize, seed } = example;
    expectSplit(trainTestSplit(count, { testSize, seed }), example);
  });

  test.each(golden.stratified)('stratified, $count rows, test size $testSize, seed $seed', (example) => {
    const { count, testSize, seed, labels } = example;
    expectSplit(trainTestSplit(count, { testSize, seed, stratify: labels }), example);
  });

  test('stratified by the digits', async () => {
    const { labels } = await loadDigits();
    const { count, testSize, seed } = golden.stratifiedDigits;
    expectSplit(trainTestSplit(count, { testSize, seed, stratify: labels }), golden.stratifiedDigits);
  });
});

const seeds = fc.integer({ min: 0, max: 0xffffffff });

test('train and test together hold every row once', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 2, max: 300 }), fc.nat(), (seed, count, choice) => {
      const testSize = 1 + (choice % (count - 1));
      const split = trainTestSplit(count, { testSize, seed });
      expect(split.test.length).toBe(testSize);
      expect([...split.train, ...split.test].toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: count }, (_, i) => i),
      );
    }),
  );
});

test('a stratified split also holds every row once, and each class in proportion to within two rows', () => {
  // Two, not one: scikit-learn rounds the train part first and the test part among what remains.
  fc.assert(
    fc.property(seeds, fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 2, maxLength: 6 }), (seed, sizes) => {
      const labels = sizes.flatMap((size, label) => Array.from({ length: size }, () => label));
      const testSize = Math.max(sizes.length, Math.floor(labels.length / 3));
      fc.pre(labels.length - testSize >= sizes.length);
      const split = trainTestSplit(labels.length, { testSize, seed, stratify: labels });
      expect(split.test.length).toBe(testSize);
      expect([...split.train, ...split.test].toSorted((a, b) => a - b)).toEqual(labels.map((_, row) => row));
      sizes.forEach((size, label) => {
        const taken = split.test.filter((row) => labels[row] === label).length;
        expect(Math.abs(taken - (size * testSize) / labels.length)).toBeLessThan(2);
      });
    }),
  );
});

test('what scikit-learn refuses is refused', () => {
  const seed = 0;
  for (const testSize of [0, 1.5, 10, -1, Number.NaN]) {
    expectError(() => trainTestSplit(10, { testSize, seed }), 'usage', /test size is .* whole rows from 1 to 9/);
  }
  expectError(() => trainTestSplit(10, { testSize: 0.95, seed }), 'usage', /takes all 10 rows/);
  expectError(
    () => trainTestSplit(1, { testSize: 0.5, seed }),
    'usage',
    /rows to split is 1, not a whole number from 2/,
  );
  expectError(() => trainTestSplit(10, { testSize: 0.5, seed: -1 }), 'usage', /seed/);
  const stratified = (testSize: number, stratify: number[]) =>
    trainTestSplit(stratify.length, { testSize, seed, stratify });
  expectError(() => stratified(2, [0, 0, 1, 1, 7]), 'usage', /Label 7 has a single row \(row 4\)/);
  expectError(() => stratified(1, [0, 0, 1, 1]), 'usage', /test part has 1 rows for 2 classes/);
  expectError(() => stratified(3, [0, 0, 1, 1]), 'usage', /train part has 1 rows/);
  expectError(
    () => trainTestSplit(4, { testSize: 2, seed, stratify: [0, 0, 1] }),
    'usage',
    /3 labels to stratify by do not match 4 rows/,
  );
});
