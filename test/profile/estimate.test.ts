// Estimates against synthetic clocks whose true times are known, in 200 trials of each kind; `npm run test:full` makes it 1,000.

import { describe, expect, inject, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { type Estimate, estimate } from '../../src/profile/estimate';
import { collectSpans, NO_DISCARDS, readSpans } from '../../src/profile/spans';
import { atRandom, periodic, type Synthetic, synthesise, wandering } from './synthetic';

const TRIALS = inject('full') ? 1000 : 200;
const STEPS = 400;

/** Trials in which a 95% interval has to hold the truth: three standard deviations below 95%, so 929 of 1,000. */
const COVERED = 0.95 * TRIALS - 3 * Math.sqrt(0.95 * 0.05 * TRIALS);

/** How much wider than theory allows an interval may be. */
const WIDEST = 1.5;

const GOLDEN = (Math.sqrt(5) - 1) / 2;

interface Regime {
  readonly quantumNs: number;
  readonly kernelNs: number;
  /** As a fraction of the kernel's time. */
  readonly jitter: number;
  /** Zeros and negatives mixed in, each this share. */
  readonly faults?: number;
  readonly drift?: number;
  readonly heldUp?: Synthetic['heldUp'];
  readonly begin?: () => Synthetic['begin'];
}

function trial(random: RandomState, regime: Regime, steps = STEPS): Estimate {
  const { quantumNs, kernelNs, jitter, faults = 0, drift = 0, heldUp, begin } = regime;
  const stamps = synthesise(random, {
    kernels: [kernelNs],
    quantumNs,
    jitterNs: jitter * kernelNs,
    steps,
    begin: begin?.() ?? atRandom(quantumNs, 2 * kernelNs),
    zeros: faults,
    ...(heldUp ? { heldUp } : {}),
    negatives: faults,
    drift,
  });
  return estimate(
    collectSpans(
      stamps.map((each) => readSpans(each)),
      1,
    )[0]!,
    { quantumNs },
  );
}

/**
 * The width of an interval that knows the distribution, in ns.
 *
 * A span is (k + 1) q with chance r / q, else k q: variance r (q - r), averaged over the jitter, to which its own is added. Where less than one
 * sample is expected to differ from the others, no interval is narrower than the means under which none does with a chance of 5%.
 */
function theoreticalWidth({ quantumNs, kernelNs, jitter }: Regime, steps: number): number {
  const random = new RandomState(0);
  const sigma = jitter * kernelNs;
  let variance = sigma ** 2;
  const draws = random.standardNormal(4000);
  for (const z of draws) {
    const share = ((kernelNs + sigma * z) / quantumNs) % 1;
    variance += (share * (1 - share) * quantumNs ** 2) / draws.length;
  }
  const sides = kernelNs < quantumNs ? 1 : 2;
  return Math.max(2 * 1.96 * Math.sqrt(variance / steps), sides * (1 - 0.05 ** (1 / steps)) * quantumNs);
}

const REGIMES: readonly Regime[] = [
  { quantumNs: 1, kernelNs: 503.7, jitter: 0.1 },
  { quantumNs: 1, kernelNs: 37_321, jitter: 0.01 },
  { quantumNs: 1, kernelNs: 500_321, jitter: 0.1, faults: 0.01 },
  { quantumNs: 100, kernelNs: 503.7, jitter: 0 },
  { quantumNs: 100, kernelNs: 503.7, jitter: 0.1 },
  { quantumNs: 100, kernelNs: 5_123, jitter: 0.01, faults: 0.01 },
  { quantumNs: 100, kernelNs: 98_000, jitter: 0 },
  { quantumNs: 100, kernelNs: 500_321, jitter: 0.01 },
  { quantumNs: 65_536, kernelNs: 503.7, jitter: 0.1 },
  { quantumNs: 65_536, kernelNs: 5_123, jitter: 0.1 },
  { quantumNs: 65_536, kernelNs: 37_321, jitter: 0 },
  { quantumNs: 65_536, kernelNs: 37_321, jitter: 0.1, drift: 1e-4 },
  { quantumNs: 65_536, kernelNs: 98_000, jitter: 0.01, faults: 0.01 },
  { quantumNs: 65_536, kernelNs: 131_072, jitter: 0 },
  { quantumNs: 65_536, kernelNs: 131_072, jitter: 0.1 },
  { quantumNs: 65_536, kernelNs: 500_321, jitter: 0, drift: -1e-4 },
  { quantumNs: 65_536, kernelNs: 500_321, jitter: 0.1, faults: 0.01 },
];

describe('a 95% interval holds the truth in 95 of 100 trials, but for chance, and is at most 1.5 times as wide as theory allows', () => {
  test.each(REGIMES)('%o', (regime) => {
    const random = new RandomState(4);
    const truthUs = (regime.kernelNs / 1000) * (1 + (regime.drift ?? 0));
    let [covered, width] = [0, 0];
    for (let i = 0; i < TRIALS; i++) {
      const result = trial(random, regime);
      expect(result.kind).not.toBe('none');
      if (result.kind === 'measured') {
        covered += Number(result.lowUs <= truthUs && truthUs <= result.highUs);
        width += result.highUs - result.lowUs;
      } else if (result.kind === 'below') {
        covered += Number(truthUs <= result.belowUs);
        width += result.belowUs;
      }
    }
    expect(covered).toBeGreaterThanOrEqual(COVERED);
    expect((1000 * width) / TRIALS / theoreticalWidth(regime, STEPS)).toBeLessThan(WIDEST);
  });
});

test.each([
  [0.5, 0.05, 300],
  [5, 0.05, 4000],
  [37, 0.1, 300],
  [60, 0.2, 1000],
])(
  'the interval holds for a kernel of %f µs that other work holds up with a chance of %f for %f µs',
  (us, share, meanUs) => {
    const random = new RandomState(7);
    const heldUp = { share, meanNs: 1000 * meanUs };
    const regime = { quantumNs: 65_536, kernelNs: 1000 * us, jitter: 0.1, heldUp };
    const truthUs = us + share * meanUs;
    let covered = 0;
    for (let i = 0; i < TRIALS; i++) {
      const result = trial(random, regime);
      covered += Number(result.kind === 'measured' && result.lowUs <= truthUs && truthUs <= result.highUs);
    }
    // The mean of so skewed times is not quite normal.
    expect(covered).toBeGreaterThanOrEqual(0.9 * TRIALS);
  },
);

test.each([
  ['of a period that fits no multiple of the quantum', () => periodic((7 + GOLDEN) * 65_536, 0)],
  ['whose phase wanders slowly, each step near the one before', () => wandering(7 * 65_536, 0.1 * 65_536)],
])('the interval holds for steps %s', (_, begin) => {
  const random = new RandomState(5);
  const regime = { quantumNs: 65_536, kernelNs: 37_321, jitter: 0.01, begin };
  let covered = 0;
  for (let i = 0; i < TRIALS; i++) {
    const result = trial(random, regime, 1000);
    covered += Number(result.kind === 'measured' && result.lowUs <= 37.321 && 37.321 <= result.highUs);
  }
  expect(covered).toBeGreaterThanOrEqual(COVERED);
});

test.each([0.5, 37.3, 300])('the error of the mean falls with the root of the number of samples: %f µs', (us) => {
  const random = new RandomState(6);
  const regime = { quantumNs: 65_536, kernelNs: 1000 * us, jitter: 0.02 };
  const error = (steps: number) => {
    let squares = 0;
    for (let i = 0; i < TRIALS; i++) {
      const result = trial(random, regime, steps);
      squares += ((result.kind === 'measured' ? result.meanUs : 0) - us) ** 2;
    }
    return Math.sqrt(squares / TRIALS);
  };
  // sqrt(r (q - r) / n), in µs; the error of an error from 200 trials or more is about 5%, a few times more where ticks are rare.
  const r = us % 65.536;
  const predicted = (steps: number) => Math.sqrt((r * (65.536 - r) + (0.02 * us) ** 2) / steps);
  expect(error(100) / predicted(100)).toBeCloseTo(1, 0.6);
  expect(error(1600) / predicted(1600)).toBeCloseTo(1, 0.6);
  expect(error(100) / error(1600)).toBeGreaterThan(3.3);
  expect(error(100) / error(1600)).toBeLessThan(4.7);
});

const samples = (durationsNs: readonly number[]) => ({ durationsNs, discards: NO_DISCARDS });

test('says below resolution, never zero, where no sample saw the clock advance', () => {
  const result = estimate(samples(Array.from({ length: 300 }, () => 0)), { quantumNs: 65_536 });
  // 1 - 0.05^(1/300) of a quantum: the rule of three.
  expect(result).toMatchObject({ kind: 'below', samples: 300 });
  expect(result.kind === 'below' && result.belowUs).toBeCloseTo(65.536 * (1 - 0.05 ** (1 / 300)), 10);
});

test('says so where every sample was discarded', () => {
  const discards = { ...NO_DISCARDS, negative: 3 };
  expect(estimate({ durationsNs: [], discards }, { quantumNs: 1 })).toEqual({
    kind: 'none',
    samples: 0,
    effective: 0,
    discards,
  });
});

test('two points have the interval of Clopper and Pearson', () => {
  // 10 of 100 samples at one quantum: R's binom.test(10, 100)$conf.int is 0.04900469, 0.17622260.
  const values = Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? 65_536 : 0));
  const result = estimate(samples(values), { quantumNs: 65_536 });
  expect(result).toMatchObject({ kind: 'measured' });
  if (result.kind === 'measured') {
    expect(result.meanUs).toBeCloseTo(6.5536, 10);
    expect(result.lowUs / 65.536).toBeCloseTo(0.04900469, 7);
    expect(result.highUs / 65.536).toBeCloseTo(0.1762226, 7);
  }
});

test('a fine clock has the interval of Student', () => {
  // t(0.975, 4) = 2.776445, standard deviation sqrt(2.5), n = 5.
  const result = estimate(samples([1000, 2000, 3000, 4000, 5000]), { quantumNs: 1 });
  const half = (2.776445 * Math.sqrt(2.5)) / Math.sqrt(5);
  expect(result).toMatchObject({ kind: 'measured', meanUs: 3, medianUs: 3, p95Us: 4.8 });
  expect(result.kind === 'measured' && result.highUs).toBeCloseTo(3 + half, 5);
});

test('repeats divide every time', () => {
  const once = estimate(samples([900, 1000, 1150, 1200]), { quantumNs: 1 });
  const tenth = estimate(samples([9000, 10_000, 11_500, 12_000]), { quantumNs: 1, repeats: 10 });
  expect(once.kind === 'measured' && tenth.kind === 'measured').toBe(true);
  if (once.kind === 'measured' && tenth.kind === 'measured') {
    for (const field of ['meanUs', 'lowUs', 'highUs', 'medianUs', 'p95Us'] as const) {
      expect(tenth[field]).toBeCloseTo(once[field]!, 10);
    }
  }
});

test('under lock the interval is a whole quantum wide on either side', () => {
  const values = Array.from({ length: 50 }, () => 131_072);
  const result = estimate(samples(values), { quantumNs: 65_536, locked: true });
  expect(result).toMatchObject({ meanUs: 131.072, lowUs: 65.536, highUs: 196.608 });
});

test('the share of zeros that a driver makes corrects operations among whose samples they cannot be seen', () => {
  const random = new RandomState(7);
  let [plain, corrected] = [0, 0];
  for (let i = 0; i < 200; i++) {
    const stamps = synthesise(random, {
      kernels: [37_321, 500_321],
      quantumNs: 65_536,
      steps: 1000,
      begin: atRandom(65_536, 1e6),
      zeros: 0.1,
    });
    const [short, long] = collectSpans(
      stamps.map((each) => readSpans(each)),
      2,
    );
    const seen = estimate(long!, { quantumNs: 65_536 });
    const zeroFaults = seen.discards.zero / (seen.discards.zero + seen.samples);
    const mean = (faults: number) => {
      const result = estimate(short!, { quantumNs: 65_536, zeroFaults: faults });
      return result.kind === 'measured' ? result.meanUs / 200 : 0;
    };
    plain += mean(0);
    corrected += mean(zeroFaults);
  }
  expect(plain).toBeLessThan(34.5);
  // The mean of 200 means, each with a deviation of 1.0 µs.
  expect(Math.abs(corrected - 37.321)).toBeLessThan(0.3);
});
