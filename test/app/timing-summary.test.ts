// Sums, shares and the clock's rounding, on timings made by hand.

import { expect, test } from 'vitest';
import { isRounded, QUANTUM_US, roundingError, summarise } from '../../src/app/timing-summary';
import type { Phase, Timing } from '../../src/index';

const timing = (label: string, phase: Phase, meanUs: number, calls = 4): Timing => ({
  label,
  kernel: 'linear',
  phase,
  calls,
  meanUs,
  totalUs: meanUs * calls,
});

/** A stamp as Chrome gives it. */
const masked = (us: number): number => Math.floor(us / QUANTUM_US) * QUANTUM_US;

test('shares are parts of the sum of means, by kernel and by phase', () => {
  const step = summarise([timing('a', 'forward', 10), timing('b', 'forward', 20), timing('c', 'update', 70, 3)]);
  expect(step.phases.map(({ phase, meanUs, share }) => [phase, meanUs, share])).toEqual([
    ['forward', 30, 0.3],
    ['update', 70, 0.7],
  ]);
  expect(step.phases[0]?.rows.map(({ share }) => share)).toEqual([0.1, 0.2]);
  expect(step).toMatchObject({ kernels: 3, meanUs: 100, steps: 4 });
});

test('no timings, or none yet, make an empty step and no division by zero', () => {
  expect(summarise([])).toEqual({ phases: [], kernels: 0, meanUs: 0, steps: 0 });
  expect(summarise([timing('a', 'forward', 0, 0)]).phases[0]?.rows[0]?.share).toBe(0);
});

test('rounding shows when every sum is a multiple of the quantum, even a large one', () => {
  const rounded = (n: number) => timing('a', 'forward', n * QUANTUM_US, 1);
  expect(isRounded([rounded(1), rounded(0), rounded(123_457), rounded(12)])).toBe(true);
  expect(isRounded([rounded(1), rounded(2), timing('a', 'forward', 100.1, 1)])).toBe(false);
  expect(isRounded([rounded(0), rounded(0), rounded(0), rounded(0)])).toBe(false);
});

test('the rounding error is the worst that masking stamps does to a mean', () => {
  // Spans of half a quantum, their starts spread evenly, measured by a clock that drops the low bits.
  const trials = 400;
  const samples = 25;
  let squares = 0;
  for (let trial = 0; trial < trials; trial++) {
    let sum = 0;
    for (let i = 0; i < samples; i++) {
      // Multiples of the golden ratio spread evenly without being periodic.
      const begin = ((((trial * samples + i) ** 2 * 0.6180339887498949) % 1) + 1) * QUANTUM_US;
      sum += masked(begin + QUANTUM_US / 2) - masked(begin);
    }
    squares += (sum / samples - QUANTUM_US / 2) ** 2;
  }
  const deviation = Math.sqrt(squares / trials);
  // A standard deviation from 400 trials is within 15% of the true one, four standard errors of its own.
  expect(deviation / roundingError(samples)).toBeGreaterThan(0.85);
  expect(deviation / roundingError(samples)).toBeLessThan(1.15);
});
