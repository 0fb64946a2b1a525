// Drawings made into digits: the counting of fields, and what the data set's own digits have in common.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import {
  bitmapFromStrokes,
  countFields,
  digitFromStrokes,
  isBlank,
  type Stroke,
  toPixel,
} from '../../src/data/drawing';
import { loadDigits } from '../support/digits';
import { STROKES } from '../support/strokes';

/** A bitmap that has as many set points in each field as a digit says, at random places in it. */
function bitmapOf(digit: ArrayLike<number>, random: RandomState): Uint8Array {
  const bitmap = new Uint8Array(32 * 32);
  for (let field = 0; field < 64; field++) {
    for (const place of random.permutation(16).subarray(0, digit[field])) {
      const y = 4 * Math.floor(field / 8) + Math.floor(place / 4);
      const x = 4 * (field % 8) + (place % 4);
      bitmap[32 * y + x] = 1;
    }
  }
  return bitmap;
}

test('a digit of the data set, drawn as a bitmap, is counted to the same digit', async () => {
  const { features, rows } = await loadDigits();
  const random = new RandomState(0);
  for (let row = 0; row < rows; row += 30) {
    const digit = features.subarray(64 * row, 64 * (row + 1));
    expect(countFields(bitmapOf(digit, random))).toEqual(digit);
  }
});

/** First and last index at which a predicate holds over 0 to 31. */
function extent(holds: (i: number) => boolean): [number, number] {
  const found = Array.from({ length: 32 }, (_, i) => i).filter(holds);
  return [found[0]!, found.at(-1)!];
}

test.each(STROKES.map((strokes, digit) => [digit, strokes] as const))(
  'a drawn %i fills a bitmap as the data set’s digits do',
  (_, strokes) => {
    const bitmap = bitmapFromStrokes(strokes)!;
    const [top, bottom] = extent((y) => bitmap.subarray(32 * y, 32 * y + 32).includes(1));
    const [left, right] = extent((x) => Array.from({ length: 32 }, (__, y) => bitmap[32 * y + x]).includes(1));
    // The whole height, but for the roundness of the pen.
    expect(top).toBeLessThanOrEqual(1);
    expect(bottom).toBeGreaterThanOrEqual(30);
    expect(Math.abs(left + right - 31)).toBeLessThanOrEqual(1);
    expect(right - left + 1).toBeLessThanOrEqual(21);
    // The data set's mean and standard deviation over all digits: 0.305 and 0.034 of the bitmap.
    const ink = bitmap.reduce((sum, point) => sum + point, 0) / 1024;
    expect(Math.abs(ink - 0.305)).toBeLessThan(0.034);
  },
);

test('where and how large one draws makes no difference', () => {
  const place = fc.record({
    x: fc.double({ min: 0, max: 1, noNaN: true }),
    y: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const size = fc.integer({ min: 1, max: 50 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9 }), size, place, (digit, scale, { x, y }) => {
      // Whole numbers, so that the moved drawing is the same to the last bit but for one rounding.
      const moved = STROKES[digit]!.map((stroke) => stroke.map((p) => ({ x: p.x * scale + x, y: p.y * scale + y })));
      const [a, b] = [digitFromStrokes(STROKES[digit]!)!, digitFromStrokes(moved)!];
      const changed = a.reduce((sum, pixel, i) => sum + Math.abs(pixel - b[i]!), 0);
      expect(changed).toBeLessThanOrEqual(4);
    }),
    { numRuns: 30 },
  );
});

test.each<[string, Stroke[]]>([
  ['nothing', []],
  ['strokes without points', [[], []]],
])('%s is no digit', (_, strokes) => {
  expect(digitFromStrokes(strokes)).toBeUndefined();
});

test.each<[string, Stroke[]]>([
  ['a dot', [[{ x: 3, y: 4 }]]],
  ['the same dot twice', [[{ x: 3, y: 4 }], [{ x: 3, y: 4 }]]],
  [
    'a level dash',
    [
      [
        { x: 0, y: 5 },
        { x: 90, y: 5 },
      ],
    ],
  ],
  [
    'an upright line',
    [
      [
        { x: 5, y: 0 },
        { x: 5, y: 90 },
      ],
    ],
  ],
])('%s leaves ink within the bitmap', (_, strokes) => {
  const digit = digitFromStrokes(strokes)!;
  expect(isBlank(digit)).toBe(false);
  expect(digit.every((pixel) => Number.isInteger(pixel) && pixel >= 0 && pixel <= 16)).toBe(true);
});

test('numbers become pixels', () => {
  expect([-1, 0.4, 7.5, 99, Number.NaN].map(toPixel)).toEqual([0, 0, 8, 16, 0]);
});
