// Clock and spans: what stamps tell of the clock that made them, and which of them tell nothing.

import { describe, expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { describeClock, findClock, wallSlopeNs } from '../../src/profile/clock';
import { collectSpans, judgeZeros, readSpans } from '../../src/profile/spans';
import { atRandom, synthesise } from './synthetic';

function stampsOf(quantumNs: number, steps: number): BigUint64Array {
  const options = { kernels: [5_123, 37_321], quantumNs, jitterNs: 200, steps, begin: atRandom(quantumNs, 1e5) };
  return BigUint64Array.from(synthesise(new RandomState(1), options).flatMap((stamps) => [...stamps]));
}

describe('the quantum', () => {
  test.each([
    [1, '1 ns'],
    [32, '32 ns'],
    [100, '100 ns'],
    [1000 / 12, '83.33 ns'],
    [1000 / 19.2, '52.08 ns'],
    [1000 / 24, '41.67 ns'],
    [65_536, 'rounded to 65.536 µs by the browser'],
    [1_000_000, '1.00 ms'],
  ])('of %f ns is found and told', (quantumNs, words) => {
    const clock = findClock(stampsOf(quantumNs, 100));
    expect(clock).toMatchObject({ kind: 'stamps', sure: true });
    expect(clock.kind === 'stamps' && clock.quantumNs).toBeCloseTo(quantumNs, 10);
    expect(describeClock(clock)).toBe(words);
  });

  test('of few stamps is not sure, and the browser is known without many', () => {
    const few = findClock(BigUint64Array.of(6_553_600n, 6_553_600n + 4n * 65_536n));
    expect(few).toEqual({ kind: 'stamps', quantumNs: 65_536, stamps: 2, sure: false });
    expect(describeClock(findClock(BigUint64Array.of(1000n, 1300n)))).toBe('300 ns or finer');
  });

  test('stamps that were never written do not count', () => {
    expect(findClock(BigUint64Array.of(0n, 0n, 7n)).kind).toBe('wall');
    const stamps = BigUint64Array.from([...stampsOf(100, 100), 0n, 0n]);
    expect(findClock(stamps)).toMatchObject({ quantumNs: 100 });
  });
});

test('without stamps, a step takes the slope of wall-clock time, whatever single delays do', () => {
  const points = Array.from({ length: 20 }, (_, i) => [100 * i, 7 + 50 * i + (i % 7 === 3 ? 40 : 0)] as const);
  expect(wallSlopeNs(points)).toBeCloseTo(500_000, 6);
  expect(wallSlopeNs([[3, 1]])).toBeUndefined();
});

describe('spans', () => {
  test('count from the later of their begin and the end before, so overlaps count once', () => {
    const spans = readSpans(BigUint64Array.of(100n, 200n, 150n, 260n, 300n, 350n));
    expect(spans.map((span) => ('durationNs' in span ? span.durationNs : span.discarded))).toEqual([100, 60, 50]);
  });

  test('are discarded by reason, and one that is discarded bounds none after it', () => {
    const hour = 3_600_000_000_000n;
    const spans = readSpans(
      BigUint64Array.of(100n, 200n, 0n, 300n, 320n, 310n, 150n, 190n, 400n, 400n + hour, 410n, 450n),
    );
    expect(spans.map((span) => ('durationNs' in span ? span.durationNs : span.discarded))).toEqual([
      100,
      'zero',
      'negative',
      'backward',
      'overflow',
      40,
    ]);
    expect(collectSpans([spans, spans], 6)[2]).toEqual({
      durationsNs: [],
      discards: { zero: 0, negative: 2, backward: 0, overflow: 0 },
    });
  });

  test('of consecutive passes never add up to more than the time from first to last', () => {
    const random = new RandomState(3);
    for (let i = 0; i < 200; i++) {
      const stamps = new BigUint64Array(12).map(() => BigInt(1 + random.randomInterval(1000)));
      const spans = readSpans(stamps).flatMap((span) => ('durationNs' in span ? [span] : []));
      const total = spans.reduce((sum, { durationNs }) => sum + durationNs, 0);
      const last = spans.at(-1);
      const elapsed = last ? Number(last.beginNs - spans[0]!.beginNs) + last.durationNs : 0;
      expect(total).toBeLessThanOrEqual(elapsed);
    }
  });
});

describe('zeros', () => {
  const levels = (...counts: readonly number[]) =>
    counts.flatMap((count, level) => Array.from({ length: count }, () => 65_536 * level));

  test.each([
    ['short', 'of an operation below a quantum', levels(400, 600)],
    ['short', 'of one below a quantum that jitters', levels(300, 600, 20)],
    ['broken', 'of one of seven quanta', levels(3, 0, 0, 0, 0, 0, 0, 500, 400)],
    ['broken', 'of one of two quanta, though jitter leaves some ones', levels(10, 8, 970, 12)],
    ['broken', 'where twos outnumber ones and no threes show', levels(10, 300, 700)],
    ['unclear', 'of one of little more than a quantum', levels(10, 850, 140)],
    ['short', 'of one below a quantum that is held up now and then', levels(400, 500, 20, 20, 20, 20, 20)],
    ['short', 'of one far below a quantum that is held up now and then', levels(940, 8, 0, 0, 0, 0, 0, 30, 22)],
    ['unclear', 'of one that is held up half of the time', levels(300, 200, 0, 0, 0, 250, 250)],
    ['broken', 'of one of seven quanta, of which a third are missing', levels(300, 0, 0, 0, 0, 0, 0, 400, 200)],
  ])('are %s: %s', (verdict, _, durations) => {
    expect(judgeZeros(durations, 65_536)).toBe(verdict);
  });
});
