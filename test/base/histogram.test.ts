// Histograms: every finite value in one bin, and the moments of the field's own formulas.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { histogram } from '../../src/base/histogram';

test('values fall into equal bins, the largest into the last', () => {
  expect(histogram([0, 1, 2, 3, 4], 4)).toMatchObject({ from: 0, to: 4, counts: Uint32Array.of(1, 1, 1, 2), mean: 2 });
});

test('strange values are counted apart', () => {
  const found = histogram([1, Number.NaN, 3, Number.POSITIVE_INFINITY], 2);
  expect(found).toMatchObject({ from: 1, to: 3, counts: Uint32Array.of(1, 1), mean: 2, deviation: 1, strange: 2 });
});

test('values that are all the same lie in the first bin; without any, every bin is empty', () => {
  expect(histogram([7, 7, 7], 3)).toMatchObject({ from: 7, to: 7, counts: Uint32Array.of(3, 0, 0), deviation: 0 });
  expect(histogram([], 3)).toMatchObject({ from: 0, to: 0, counts: Uint32Array.of(0, 0, 0), strange: 0 });
});

test('no value is lost, and each bin holds what a comparison with its borders finds', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 200 }), fc.integer({ min: 1, max: 40 }), (values, bins) => {
      const { from, to, counts } = histogram(values, bins);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      expect([from, to]).toEqual([Math.min(...values), Math.max(...values)]);
      // Whole bins up to each border; a value within rounding of a border may fall on either side.
      for (let border = 1; border < bins; border++) {
        const at = from + ((to - from) * border) / bins;
        const near = (to - from) * 1e-12 + Number.MIN_VALUE;
        const below = counts.subarray(0, border).reduce((sum, count) => sum + count, 0);
        expect(below).toBeGreaterThanOrEqual(values.filter((each) => each < at - near).length);
        expect(below).toBeLessThanOrEqual(values.filter((each) => each <= at + near).length);
      }
    }),
  );
});
