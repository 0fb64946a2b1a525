// Phase lock in synthetic stamps: found where it is, not where it is not.
//
// In 100 trials of each kind here; `npm run test:full` makes it 1,000.

import { expect, inject, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { detectPhaseLock, lockRemedy } from '../../src/profile/phase-lock';
import { atRandom, periodic, type Synthetic, synthesise } from './synthetic';

const TRIALS = inject('full') ? 1000 : 100;
const STEPS = 1000;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Steps of one kernel, short and long, and of several. */
const KERNELS = [[503.7], [98_000], [5_123, 20_411, 47_777, 9_123]];

/** Trials in which lock is reported. */
function reported(begin: (random: RandomState) => Synthetic['begin'], jitter: number, quantumNs = 65_536): number {
  const random = new RandomState(8);
  let count = 0;
  for (let i = 0; i < TRIALS; i++) {
    const kernels = KERNELS[i % KERNELS.length]!;
    const jitterNs = jitter * kernels[0]!;
    const steps = synthesise(random, { kernels, quantumNs, jitterNs, steps: STEPS, begin: begin(random) });
    count += Number(detectPhaseLock(steps, { quantumNs }).verdict === 'locked');
  }
  return count;
}

const Q = 65_536;

test.each([
  ['every step at one phase, exactly', () => periodic(9 * Q, 0)],
  ['every step at one phase within 5% of the quantum', () => periodic(9 * Q, 0.05 * Q)],
  ['every step at one phase within 20% of the quantum', () => periodic(9 * Q, 0.2 * Q)],
  ['two phases in turn', () => periodic(9.5 * Q, 0.02 * Q)],
  ['three phases in turn', () => periodic((9 + 1 / 3) * Q, 0.02 * Q)],
  ['a phase that creeps over a third of the quantum', () => periodic((9 + 1 / 3 / STEPS) * Q, 0.02 * Q)],
])('is found in 99 of 100 trials: %s', (_, begin) => {
  expect(reported(begin, 0.01)).toBeGreaterThanOrEqual(0.99 * TRIALS);
});

test('is found where kernels vary by more than a fine clock shows', () => {
  expect(reported(() => periodic(2_000 * 100, 2), 0.02, 100)).toBeGreaterThanOrEqual(0.99 * TRIALS);
});

test.each([
  ['random gaps', () => atRandom(Q, 200_000), 0],
  ['random gaps, kernels that vary', () => atRandom(Q, 200_000), 0.1],
  ['a period that fits no multiple', () => periodic((9 + GOLDEN) * Q, 0), 0.01],
  ['the same with noise', () => periodic((9 + GOLDEN) * Q, 0.2 * Q), 0.01],
  ['a period that fits, drowned in noise', () => periodic(9 * Q, 0.6 * Q), 0.01],
] as const)('is falsely reported in at most 2 of 100 trials: %s', (_, begin, jitter) => {
  expect(reported(begin, jitter)).toBeLessThanOrEqual(0.02 * TRIALS);
});

test('knows which steps were timed', () => {
  // Every eighth step or so, of a period that locks; its own number tells where it lies.
  const numbers = Array.from({ length: 400 }, (_, i) => 8 * i + (i % 3));
  const steps = synthesise(new RandomState(9), {
    kernels: [37_000],
    quantumNs: Q,
    steps: 400,
    begin: (step) => numbers[step]! * 3 * Q,
  });
  expect(detectPhaseLock(steps, { quantumNs: Q, numbers })).toEqual({ verdict: 'locked', order: 1 });
});

test('says unknown of few steps, and of irregular ones shorter than a quantum', () => {
  const random = new RandomState(10);
  const run = (steps: number) =>
    synthesise(random, { kernels: [503.7], quantumNs: Q, steps, begin: atRandom(Q, 200_000) });
  expect(detectPhaseLock(run(20), { quantumNs: Q }).verdict).toBe('unknown');
  expect(detectPhaseLock(run(500), { quantumNs: Q }).verdict).toBe('unknown');
});

test('the answer: gaps of up to a quantum, or repeats that make a quantum 2% of a sample', () => {
  expect(lockRemedy(65_536, 32_768)).toEqual({ gapNs: 65_536, repeats: 100 });
  expect(lockRemedy(1, 1000)).toEqual({ gapNs: 1, repeats: 1 });
});
