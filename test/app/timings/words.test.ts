// Times in words: never 0 for what cannot be told, and every reason by its name.

import { describe, expect, test } from 'vitest';
import { keepReference, MOST_REFERENCES, nameOf, type Reference } from '../../../src/app/timings/references';
import {
  allDiscards,
  briefly,
  clockWords,
  discarded,
  discardReasons,
  lengthText,
  lockWords,
  quantileOf,
  rateOf,
  signed,
  taxWords,
} from '../../../src/app/timings/words';
import { estimate } from '../../../src/profile/estimate';
import { operationRows } from '../../../src/profile/operation-rows';
import { NO_DISCARDS } from '../../../src/profile/spans';
import { recordingOf } from '../../profile/recordings';

const recording = recordingOf('fused', 5);
const zeros = estimate(
  { durationsNs: Array.from({ length: 40 }, () => 0), discards: NO_DISCARDS },
  { quantumNs: 65_536 },
);
const none = estimate({ durationsNs: [], discards: { ...NO_DISCARDS, negative: 3 } }, { quantumNs: 1 });

test('an operation below the clock’s resolution is a bound, one without samples a dash, neither ever 0', () => {
  expect(briefly(zeros)).toMatch(/^< \d.* µs$/);
  expect(briefly(none)).toBe('–');
  expect(briefly(recording.operations[0]!.estimate)).toMatch(/^5\.0\d µs ± 0\.\d\d µs$/);
  expect([quantileOf(zeros, 'medianUs'), rateOf(1e6, zeros), rateOf(1e6, none)]).toEqual(['–', '–', '–']);
  expect(rateOf(0, recording.operations[0]!.estimate)).toBe('–');
  expect(lengthText(0)).toBe('less than the clock tells');
});

test('a rate is the amount over the mean', () => {
  const { estimate: value } = recording.operations[0]!;
  const mean = value.kind === 'measured' ? value.meanUs : Number.NaN;
  expect(Number.parseFloat(rateOf(6e6, value))).toBeCloseTo(6 / mean, 2);
  expect(rateOf(6e6, value)).toMatch(/ T$/);
});

test('what was left out is told by its reasons', () => {
  expect(discarded(none.discards)).toBe(3);
  expect(discardReasons(none.discards)).toBe('3 ended before they began');
  expect(discardReasons(NO_DISCARDS)).toBe('');
  const operations = recording.operations.map((operation) => ({ ...operation, estimate: none }));
  expect(allDiscards({ ...recording, operations })).toMatchObject({ zero: 0, negative: 3 * operations.length });
});

test('a difference has its sign and the half of its interval', () => {
  expect(signed({ value: 12, low: 9, high: 14 })).toBe('+12.0 µs ± 3.00 µs');
  expect(signed({ value: -1500, low: -1600, high: -1400 })).toBe('−1.50 ms ± 100 µs');
});

test('the clock says what its rounding means, the lock what was found, the tax what it is', () => {
  const stamps = { kind: 'stamps', stamps: 100, sure: true } as const;
  const withQuantum = (quantumNs: number) => clockWords({ ...recording, clock: { ...stamps, quantumNs } });
  expect(withQuantum(65_536)).toEqual([
    'rounded to 65.536 µs by the browser',
    expect.stringContaining('0 or 65.536 µs'),
  ]);
  expect(withQuantum(1)[1]).toContain('rounding plays no part');
  expect(withQuantum(4096)[1]).toContain('a multiple of 4.10 µs');
  const wall = { kind: 'wall', reason: 'this adapter has no timestamps' } as const;
  expect(clockWords({ ...recording, clock: wall })[0]).toContain('since this adapter has no timestamps');
  const lock = (verdict: 'free' | 'locked' | 'unknown', gaps: boolean) =>
    lockWords({ ...recording, phaseLock: { verdict, order: undefined }, gaps });
  expect(lock('locked', false)).toEqual(['locked', expect.stringContaining('a whole quantum either way')]);
  expect(lock('free', true)[1]).toContain('waits a random moment first');
  expect(taxWords(recording)[0]).toBe('2.00 times (1.99 to 2.01)');
  expect(taxWords({ ...recording, tax: null })[0]).toBe('not measured yet');
});

describe('rows', () => {
  test('have shares that add up to one, and times in training that are those measured over the tax', () => {
    const rows = operationRows(recording);
    expect(rows.reduce((sum, { share }) => sum + share!, 0)).toBeCloseTo(1, 9);
    for (const { operation, inTraining, point } of rows) {
      const mean = operation.estimate.kind === 'measured' ? operation.estimate.meanUs : Number.NaN;
      expect(inTraining!.value).toBeCloseTo(mean / 2, 9);
      expect(point!.share.value).toBeCloseTo(point!.leastUs / mean, 9);
    }
  });

  test('of what is not measured have neither a place under the roofline nor a share, and leave the others theirs', () => {
    const [first, ...others] = recording.operations;
    const rows = operationRows({ ...recording, operations: [{ ...first!, estimate: none }, ...others] });
    expect(rows[0]).toMatchObject({ point: undefined, share: undefined, inTraining: undefined });
    expect(rows.slice(1).reduce((sum, { share }) => sum + share!, 0)).toBeCloseTo(1, 9);
    expect(operationRows({ ...recording, ceilings: null }).every(({ point }) => point === undefined)).toBe(true);
  });
});

describe('references', () => {
  const reference = (number: number, origin: Reference['origin']): Reference => ({
    number,
    origin,
    name: '',
    recording,
  });

  test('hold one run before, the latest, and as many others as there is room for, the latest', () => {
    const two = keepReference(keepReference([], reference(1, 'previous')), reference(2, 'previous'));
    expect(two.map(({ number }) => number)).toEqual([2]);
    const many = Array.from({ length: 9 }, (_, i) => reference(i + 3, 'kept')).reduce(keepReference, two);
    expect(many.map(({ number }) => number)).toEqual(Array.from({ length: MOST_REFERENCES }, (_, i) => 7 + i));
  });

  test('are named by what was trained', () => {
    expect(nameOf(recording)).toBe('4-3-2, fused, batch 5');
    expect(nameOf({ ...recording, config: { sizes: [64, 10], program: 'naive', batch: 'full' } })).toBe(
      '64-10, naive, full batch',
    );
    expect(nameOf({ ...recording, config: {} })).toBe('');
  });
});
