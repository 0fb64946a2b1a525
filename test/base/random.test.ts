import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_SEED, RandomState } from '../../src/base/random';
import golden from '../golden/random.json';
import { expectClose } from '../support/close';
import { expectError } from '../support/errors';

describe.each(golden)('RandomState($seed) equals NumPy', ({ seed, draws }) => {
  test('in one stream of interleaved draws', () => {
    const random = new RandomState(seed);
    for (const draw of draws) {
      if (draw.kind === 'uniform') {
        expect(Array.from(random.uniform(draw.low!, draw.high!, draw.count))).toEqual(draw.values);
      } else if (draw.kind === 'permutation') {
        const order = random.permutation(draw.count);
        expect(order.length).toBe(draw.count);
        expect(Array.from(order.subarray(0, draw.values.length))).toEqual(draw.values);
      } else if (draw.kind === 'scaled') {
        expectClose(random.normal(draw.mean!, draw.deviation!, draw.count), draw.values, 1e-15);
      } else {
        // The logarithm may differ in its last bit from platform to platform; nothing else can.
        expectClose(random.standardNormal(draw.count), draw.values, 1e-15);
      }
    }
  });
});

const seeds = fc.integer({ min: 0, max: MAX_SEED });

test('a permutation holds every number once', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 400 }), (seed, n) => {
      const order = new RandomState(seed).permutation(n);
      expect(order.toSorted()).toEqual(Uint32Array.from({ length: n }, (_, i) => i));
    }),
  );
});

test('an interval reaches both of its ends and never leaves', () => {
  const random = new RandomState(3);
  const values = Array.from({ length: 500 }, () => random.randomInterval(4));
  expect(new Set(values)).toEqual(new Set([0, 1, 2, 3, 4]));
});

test('uniform values lie in [low, high)', () => {
  fc.assert(
    fc.property(seeds, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (seed, low) => {
      expect(new RandomState(seed).uniform(low, low + 1, 50).every((v) => v >= low && v < low + 1)).toBe(true);
    }),
  );
});

test('a seed is a whole number of 32 bits', () => {
  for (const seed of [-1, 0.5, MAX_SEED + 1, Number.NaN]) {
    expectError(() => new RandomState(seed), 'usage', /^The seed is .* from 0 to 4294967295/);
  }
});

test('counts and bounds are checked', () => {
  const random = new RandomState(0);
  expectError(() => random.uniform(0, 1, -1), 'usage', /uniform values is -1/);
  expectError(() => random.uniform(0, Number.POSITIVE_INFINITY, 1), 'usage', /finite bounds/);
  expectError(() => random.permutation(2.5), 'usage', /permutation is 2.5/);
  expectError(() => random.normal(0, Number.NaN, 1), 'usage', /finite mean and deviation, not 0 and NaN/);
  expectError(() => random.standardNormal(Number.NaN), 'usage', /normal values is NaN/);
});
