// Accounting and clock alignment on time lines that are known.

import { expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { account, type SubmitTimes } from '../../src/profile/accounting';
import { alignClocks, type ClockPair, toCpuUs } from '../../src/profile/clock-alignment';

const interval = (beginUs: number, endUs: number) => ({ beginUs, endUs });

test('one submit after another: every part is what it is, and the rest is the remainder', () => {
  const submit = {
    encode: interval(0, 10),
    submit: interval(12, 20),
    passes: [interval(30, 50), interval(55, 80)],
    readBack: interval(20, 95),
  };
  expect(account(interval(0, 100), [submit])).toEqual({
    wallUs: 100,
    busyUs: 45,
    gapUs: 5,
    encodeUs: 10,
    submitUs: 8,
    readBackUs: 25,
    remainderUs: 7,
    hiddenUs: 0,
  });
});

test('with two submits in flight, what happens at once counts once', () => {
  const first = {
    encode: interval(0, 10),
    submit: interval(10, 20),
    passes: [interval(20, 60)],
    readBack: interval(40, 65),
  };
  const second = {
    encode: interval(20, 30),
    submit: interval(30, 40),
    passes: [interval(62, 90)],
    readBack: interval(65, 95),
  };
  const result = account(interval(0, 100), [first, second]);
  expect(result).toEqual({
    wallUs: 100,
    busyUs: 68,
    gapUs: 0,
    encodeUs: 10,
    submitUs: 10,
    readBackUs: 7,
    remainderUs: 5,
    hiddenUs: 20,
  });
});

test('the parts add up to the wall time, whatever overlaps', () => {
  const random = new RandomState(2);
  const any = () => {
    const begin = 1000 * random.randomDouble() - 100;
    return interval(begin, begin + 200 * random.randomDouble());
  };
  for (let i = 0; i < 200; i++) {
    const submits = Array.from(
      { length: 5 },
      (): SubmitTimes => ({ encode: any(), submit: any(), passes: [any(), any()], readBack: any() }),
    );
    const { wallUs, hiddenUs, ...parts } = account(interval(0, 1000), submits);
    expect(wallUs).toBe(1000);
    // Sums of some dozen numbers of this size.
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(1000, 8);
    expect(hiddenUs).toBeLessThanOrEqual(parts.busyUs + parts.gapUs);
  }
});

/** Submits on two clocks: the GPU's has another origin and rate, and every way from one to the other takes random time. */
function clockPairs(quantumNs: number, drift: number, submits: number, seed: number) {
  const random = new RandomState(seed);
  const gpu = (cpuUs: number) => 5e9 + (cpuUs * 1000) / (1 + drift);
  const pairs: ClockPair[] = [];
  for (let i = 0; i < submits; i++) {
    const submittedUs = 1e6 + 30_000 * i;
    const began = submittedUs + 20 - 60 * Math.log(1 - random.randomDouble());
    const ended = began + 20_000;
    const stamp = (us: number) => BigInt(Math.floor(gpu(us) / quantumNs) * quantumNs);
    const doneUs = ended + 20 - 300 * Math.log(1 - random.randomDouble());
    pairs.push({ submittedUs, beginNs: stamp(began), endNs: stamp(ended), doneUs });
  }
  return { pairs, gpu };
}

test.each([
  [1, 0],
  [1, 8e-5],
  [1, -8e-5],
  [65_536, 8e-5],
])('clocks are aligned by offset and drift: quantum %i ns, drift %f', (quantumNs, drift) => {
  for (let seed = 0; seed < 20; seed++) {
    const { pairs, gpu } = clockPairs(quantumNs, drift, 200, seed);
    const alignment = alignClocks(pairs, quantumNs)!;
    for (const cpuUs of [1e6, 4e6, 7e6]) {
      const found = toCpuUs(alignment, BigInt(Math.round(gpu(cpuUs))));
      // The truth lies in the room between the envelopes, of which the found offset is the middle.
      expect(Math.abs(found - cpuUs)).toBeLessThan(alignment.uncertaintyUs + 15);
    }
    expect(alignment.uncertaintyUs).toBeLessThan(40 + quantumNs / 2000);
    expect(Math.abs(alignment.rate - (1 + drift))).toBeLessThan(1e-5 + quantumNs / 6e9);
  }
});

test('without submits there is nothing to align, and of few the drift is taken to be none', () => {
  expect(alignClocks([])).toBeUndefined();
  expect(alignClocks(clockPairs(1, 8e-5, 3, 0).pairs)!.rate).toBe(1);
});
