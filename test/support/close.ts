// Matchers for lists of floats.

import { expect } from 'vitest';

/**
 * Expects |actual - expected| <= rtol * scale for every entry, where scale is the largest |expected|.
 *
 * Relative to the largest entry, not to each: a sum's rounding error follows its largest terms.
 */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, rtol: number): void {
  expect(actual.length).toBe(expected.length);
  let scale = 0;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!(difference <= rtol * scale)) {
      expect.fail(`entry ${i} is ${actual[i]}, expected ${expected[i]} within ${rtol} of the largest, ${scale}`);
    }
  }
}

/** Expects the same numbers to the last bit, so that 0 and -0 differ; quicker by far than `toEqual` on long lists. */
export function expectSameBits(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      expect.fail(`${what}: entry ${i} is ${actual[i]}, expected ${expected[i]}`);
    }
  }
}
