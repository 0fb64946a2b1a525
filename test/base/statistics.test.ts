import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mean, median, quantile, standardDeviation } from '../../src/base/statistics';
import { expectError } from '../support/errors';

// Expected values are numpy.mean, median, quantile and std(ddof=1) of the same list.
const VALUES = [7, 1, 4, 2];

test('statistics agree with NumPy on a small list', () => {
  expect(mean(VALUES)).toBe(3.5);
  expect(median(VALUES)).toBe(3);
  expect(median([5, 1, 3])).toBe(3);
  expect(quantile(VALUES, 0.25)).toBe(1.75);
  expect(quantile(VALUES, 0.9)).toBeCloseTo(6.1, 14);
  expect(standardDeviation(VALUES)).toBeCloseTo(2.6457513110645907, 14);
});

test('a quantile does not disturb its input, and takes sorted input as it is', () => {
  const values = Float32Array.of(3, 1, 2);
  expect(quantile(values, 1)).toBe(3);
  expect(Array.from(values)).toEqual([3, 1, 2]);
  expect(quantile([1, 2, 3], 0.75, true)).toBe(2.5);
});

test('quantiles lie within the list and grow with the fraction', () => {
  const lists = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });
  const fractions = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(lists, fractions, fractions, (values, p, q) => {
      const low = quantile(values, Math.min(p, q));
      const high = quantile(values, Math.max(p, q));
      const slack = 1e-15 * Math.max(...values.map(Math.abs)); // interpolation rounds
      expect(low).toBeGreaterThanOrEqual(Math.min(...values) - slack);
      expect(high).toBeLessThanOrEqual(Math.max(...values) + slack);
      expect(low).toBeLessThanOrEqual(high + slack);
    }),
  );
});

test('one value has no spread, and NaN is passed on', () => {
  expect(standardDeviation([5])).toBeNaN();
  expect(median([1, Number.NaN, 2])).toBeNaN();
  expect(mean([1, Number.NaN])).toBeNaN();
});

test('nothing at all is a mistake of the caller', () => {
  for (const statistic of [mean, median, standardDeviation]) {
    expectError(() => statistic([]), 'usage', /no values/);
  }
  expectError(() => quantile([1], 1.5), 'usage', /fraction is 1.5/);
});
