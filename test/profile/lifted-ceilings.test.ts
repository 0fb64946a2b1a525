// Ceilings against what was seen: none is exceeded without a word, and none decides what its spread leaves open.

import { assert, constant, double, property, record, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ceilings } from '../../src/profile/ceilings';
import { ceilingFacts } from '../../src/profile/ceilings-words';
import { describeLift, liftedCeilings } from '../../src/profile/lifted-ceilings';
import { operationRows } from '../../src/profile/operation-rows';
import { readRecording, type Recording, writeRecording } from '../../src/profile/recording';
import { describeShare, rooflinePoint } from '../../src/profile/roofline';
import { csvOf, markdownOf } from '../../src/profile/tables';
import { recordingOf } from './recordings';

const SPREAD = {
  flops: { low: 29e9, high: 63e9 },
  memory: { low: 4e9, high: 5e9 },
  cache: { low: 4e9, high: 5e9 },
  launch: { low: 1e-6, high: 1e-6 },
};
const CEILINGS: Ceilings = { flops: 62e9, memory: 4.5e9, cache: 4.5e9, cacheBytes: 1e6, launch: 1e-6, spread: SPREAD };
const TIME = { value: 1000, low: 990, high: 1010 };

describe('a verdict', () => {
  // 10 FLOP a byte: memory allows it in 222 µs to 278 µs, arithmetic in 159 µs to 345 µs.
  const between = { flops: 1e7, bytesRead: 1e6, bytesWritten: 1e5 };

  test('is not given where the spread of the ceilings leaves open what the limit is', () => {
    const point = rooflinePoint(between, TIME, CEILINGS);
    expect(point).toMatchObject({ limit: 'memory', rivals: ['compute'] });
    expect(describeShare(point)).toBe('24% of memory or compute');
    // From the least that either may allow to the most.
    expect(point.share.low).toBeCloseTo(1.1e6 / 5e9 / 1010e-6, 9);
    expect(point.share.high).toBeCloseTo(1e7 / 29e9 / 990e-6, 9);
  });

  test('is the same for two repeats on a busy machine, of 29 and 62 GFLOP/s', () => {
    const slow = { ...CEILINGS, flops: 29e9 };
    const names = [CEILINGS, slow].map((ceilings) => {
      const { limit, rivals } = rooflinePoint(between, TIME, ceilings);
      return [limit, ...rivals].toSorted();
    });
    expect(names[0]).toEqual(names[1]);
  });

  test('is given where the spread bears it', () => {
    expect(describeShare(rooflinePoint({ ...between, flops: 1e6 }, TIME, CEILINGS))).toBe('24% of memory');
    expect(describeShare(rooflinePoint({ ...between, flops: 5e7 }, TIME, CEILINGS))).toBe('81% of compute');
  });

  test('of a mean beyond the limit, whose interval is not, is about 100%', () => {
    const point = rooflinePoint(between, { value: 180, low: 100, high: 400 }, CEILINGS);
    expect(point.share.value).toBeGreaterThan(1.2);
    expect(describeShare(point)).toBe('about 100% of memory or compute');
  });
});

describe('a ceiling that an operation exceeds', () => {
  /** Ceilings of which the update takes 261% of memory's, as remembered from a busy minute. */
  function exceeded(): Recording {
    const recording = recordingOf('fused', 10);
    const update = recording.operations.at(-1)!;
    const bytes = update.cost.bytesRead + update.cost.bytesWritten;
    const rate = bytes / 10e-6 / 2.61;
    return { ...recording, ceilings: { flops: 1e12, memory: rate, cache: rate, cacheBytes: 1, launch: 1e-9 } };
  }

  test('is lifted to what it reached, in every table and in words', () => {
    const recording = exceeded();
    const { lifts, ceilings } = liftedCeilings(recording)!;
    const update = recording.operations.at(-1)!;
    const reached = (update.cost.bytesRead + update.cost.bytesWritten) / 10e-6;
    expect(lifts).toHaveLength(1);
    expect(lifts[0]).toMatchObject({ ceiling: 'memory', operation: 'update' });
    expect(lifts[0]!.to / reached).toBeCloseTo(1, 2);
    expect(ceilings.memory).toBe(lifts[0]!.to);
    expect(ceilings.spread!.memory.low).toBeLessThan(ceilings.memory);
    expect(describeLift(lifts[0]!)).toMatch(
      /^The ceiling of [\d.]+ MB\/s from memory was measured too low: update reached [\d.]+ MB\/s from memory, 2\.6 times as much, .* Measure the ceilings again\.$/,
    );
    const row = operationRows(recording).at(-1)!;
    expect(describeShare(row.point!)).toBe('100% of memory');
    for (const text of [csvOf(recording), markdownOf(recording)]) expect(text).not.toMatch(/261|2\.61/);
  });

  test('stays where it is while the interval or the spread explains it', () => {
    const recording = exceeded();
    const { memory, flops, cache, launch } = recording.ceilings!;
    const plain = (value: number) => ({ low: value, high: value });
    const wide = { low: memory, high: 3 * memory };
    const spread = { flops: plain(flops), memory: wide, cache: plain(cache), launch: plain(launch) };
    const explained = { ...recording, ceilings: { ...recording.ceilings!, spread } };
    expect(liftedCeilings(explained)).toEqual({ ceilings: explained.ceilings, lifts: [] });
    expect(liftedCeilings({ ...recording, ceilings: null })).toBeUndefined();
  });

  test('is lifted whatever it is of, so that no row exceeds its limit', () => {
    const rate = double({ min: 1, max: 15, noNaN: true }).map((exponent) => 10 ** exponent);
    const ceilings = record({
      flops: rate,
      memory: rate,
      cache: rate,
      cacheBytes: rate,
      launch: double({ min: 1e-9, max: 1, noNaN: true }),
    });
    const recording = recordingOf('naive', 10);
    assert(
      property(tuple(ceilings, constant(recording)), ([made, given]) => {
        const rows = operationRows({ ...given, ceilings: made });
        return rows.every(
          ({ point }) =>
            point !== undefined &&
            point.share.low <= 1 + 1e-9 &&
            Number(/(\d+)%/.exec(describeShare(point))![1]) <= 100,
        );
      }),
    );
  });
});

test('every ceiling is shown with its spread, and the ridge with what follows from it', () => {
  expect(ceilingFacts(CEILINGS)).toEqual([
    ['arithmetic', '62.0 GFLOP/s (29.0 G to 63.0 G) in chains of multiply-adds'],
    ['memory', '4.50 GB/s (4.00 G to 5.00 G)'],
    ['cache', '4.50 GB/s (4.00 G to 5.00 G) for up to 976.6 KiB'],
    ['launch', '1.00 µs a dispatch that waits for the one before'],
    ['ridge', '13.78 FLOP a byte of memory (5.80 to 15.75): with less, memory is the limit'],
  ]);
});

test('a recording keeps the spread, one of before is read without, and a damaged one is named', () => {
  const recording = recordingOf('fused', 10);
  expect(readRecording(writeRecording(recording), 'a.json').ceilings).toEqual(recording.ceilings);
  const known = { ...recording, ceilings: CEILINGS };
  expect(readRecording(writeRecording(known), 'a.json').ceilings).toEqual(CEILINGS);
  const damaged = writeRecording(known).replace('"low":29000000000', '"low":"29"');
  expect(() => readRecording(damaged, 'a.json')).toThrow(/ceilings\.spread\.flops\.low is "29"/);
});
