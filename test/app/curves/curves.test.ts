// The curves' arithmetic: columns, scales, zoom, files, and which runs stay to compare with.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { historyCsv } from '../../../src/app/curves/csv';
import { linearRange, logMarks, logRange } from '../../../src/app/curves/scale';
import { columns, entryAt } from '../../../src/app/curves/series';
import { scaledRange, shiftedRange } from '../../../src/app/curves/view';
import { TUTORIAL } from '../../../src/experiment/read';
import { distinction, keepRun, MOST_PAST_RUNS, type PastRun } from '../../../src/app/past-runs';
import { evaluateEvery } from '../../../src/app/run';
import type { HistoryEntry } from '../../../src/index';

const entry = (epoch: number, loss: number): HistoryEntry => {
  const score = { loss, accuracy: 0.5 };
  return { epoch, train: score, valid: score, test: score };
};
const history = (...pairs: readonly [number, number][]) => pairs.map(([epoch, loss]) => entry(epoch, loss));

describe('columns', () => {
  test('hold every epoch of every series once, in order, and gaps only where a value is no number', () => {
    const [epochs, one, other] = columns(
      [
        { history: history([0, 3], [10, 2], [20, Number.NaN]), split: 'train' },
        { history: history([0, 5], [5, 4]), split: 'test' },
      ],
      'loss',
    );
    expect(epochs).toEqual([0, 5, 10, 20]);
    expect(one).toEqual([3, undefined, 2, null]);
    expect(other).toEqual([5, 4, undefined, undefined]);
  });

  test('leave out what a logarithmic scale cannot show', () => {
    expect(columns([{ history: history([0, 0], [1, -1], [2, 1]), split: 'train' }], 'loss', true)[1]).toEqual([
      null,
      null,
      1,
    ]);
  });
});

test('the entry at an epoch is the last one up to it', () => {
  const all = history([0, 3], [10, 2], [20, 1]);
  const at = (epoch: number | undefined) => entryAt(all, epoch)?.epoch;
  expect([at(0), at(9.9), at(10), at(1e9), at(undefined), at(-1)]).toEqual([0, 0, 10, 20, 20, undefined]);
  expect(entryAt([], 3)).toBeUndefined();
});

describe('an axis', () => {
  const values = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

  test('holds every value between its ends, linear or logarithmic', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [least, largest] = [Math.min(a, b), Math.max(a, b)];
        for (const [low, high] of [linearRange(least, largest, [0, Number.MAX_VALUE]), logRange(least, largest)]) {
          expect(low).toBeLessThanOrEqual(least * (1 + 1e-6));
          expect(high).toBeGreaterThanOrEqual(largest * (1 - 1e-6));
          expect(low).toBeLessThan(high);
        }
        expect(logRange(least, largest)[0]).toBeGreaterThan(0);
      }),
    );
  });

  test('has a few rising marks between its ends where it is logarithmic', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [low, high] = logRange(Math.min(a, b), Math.max(a, b));
        const marks = logMarks(low, high);
        expect(marks.length).toBeGreaterThanOrEqual(2);
        expect(marks.length).toBeLessThanOrEqual(16);
        expect(marks).toEqual(marks.toSorted((x, y) => x - y));
      }),
    );
  });

  test('keeps its ends while a curve creeps on, and never passes the limits', () => {
    expect(linearRange(1.46, 2.39, [0, 10])).toEqual(linearRange(1.45, 2.39, [0, 10]));
    expect(linearRange(0.001, 0.999, [0, 1])).toEqual([0, 1]);
    expect(linearRange(1, 1, [0, 1])[1]).toBe(1);
    expect(linearRange(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, [0, 1])).toEqual([0, 1]);
  });
});

describe('zoom', () => {
  const ranges = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0.1, max: 4, noNaN: true }));

  test('stays within the epochs, and comes back to all of them', () => {
    fc.assert(
      fc.property(ranges, fc.double({ min: 0, max: 1, noNaN: true }), ([epochs, factor], where) => {
        const zoomed = scaledRange(undefined, factor, epochs, where * epochs);
        if (zoomed) {
          for (const range of [zoomed, shiftedRange(zoomed, -5, epochs)!, shiftedRange(zoomed, 5, epochs)!]) {
            expect(range.from).toBeGreaterThanOrEqual(-1e-6);
            expect(range.to).toBeLessThanOrEqual(epochs + 1e-6);
            expect(range.to - range.from).toBeCloseTo(zoomed.to - zoomed.from, 6);
          }
        }
        expect(scaledRange(zoomed, 1e9, epochs)).toBeUndefined();
      }),
    );
  });

  test('keeps the epoch that is pointed at where it is', () => {
    expect(scaledRange({ from: 0, to: 100 }, 0.5, 1000, 20)).toEqual({ from: 10, to: 60 });
  });
});

describe('past runs', () => {
  const run = (number: number, seed: number, points = 3, end?: PastRun['end']): PastRun => ({
    number,
    settings: { ...TUTORIAL, seed },
    history: Array.from({ length: points }, (_, i) => entry(i, 1)),
    ...(end ? { end } : {}),
  });
  const next = { ...TUTORIAL, seed: 99 };
  const numbers = (runs: readonly PastRun[]) => runs.map(({ number }) => number);

  test('are the last few, without those that have no curve', () => {
    const all = [1, 2, 3, 4, 5, 6].reduce<PastRun[]>((past, i) => keepRun(past, run(i, i), next), []);
    expect(numbers(all)).toEqual([3, 4, 5, 6]);
    expect(all.length).toBe(MOST_PAST_RUNS);
    expect(keepRun([], run(1, 1, 1), next)).toEqual([]);
  });

  test('with equal settings are one, the longest; and none equals the run that begins', () => {
    expect(numbers(keepRun([run(1, 1, 9)], run(2, 1, 3), next))).toEqual([1]);
    expect(numbers(keepRun([run(1, 1, 3)], run(2, 1, 9), next))).toEqual([2]);
    expect(keepRun([run(1, 5)], run(2, 5), { ...TUTORIAL, seed: 5 })).toEqual([]);
  });

  test('that lost their device stay beside the run that replaces them', () => {
    expect(numbers(keepRun([], run(1, 5, 3, 'lost'), { ...TUTORIAL, seed: 5 }))).toEqual([1]);
  });

  test('are told by what differs', () => {
    const other = { ...run(1, 3), settings: { ...TUTORIAL, seed: 3, l2: 0.1, layers: [{ width: 100 }] } };
    expect(distinction(other, TUTORIAL)).toBe('hidden layers 100 · λ 0.1 · seed 3');
    expect(distinction(run(1, 0), TUTORIAL)).toBe('the same settings');
  });
});

test('runs of every length are evaluated often enough for a curve, and not more often than can be drawn', () => {
  for (const epochs of [1, 2, 199, 200, 201, 1000, 5001, 100_000]) {
    const points = Math.ceil(epochs / evaluateEvery(epochs));
    expect(points).toBeGreaterThanOrEqual(Math.min(epochs, 40));
    expect(points).toBeLessThanOrEqual(1000);
  }
});

test('the CSV file has a line for each evaluation of each run, numbers in full', () => {
  const score = (loss: number, accuracy: number) => ({ loss, accuracy });
  const text = historyCsv([
    { number: 1, settings: TUTORIAL, history: [] },
    {
      number: 2,
      settings: { ...TUTORIAL, layers: [{ width: 100 }, { width: 50 }] },
      history: [{ epoch: 5, train: score(1 / 3, 0.1), valid: score(2, 0.2), test: score(3, 0.3) }],
    },
  ]);
  expect(text).toBe(
    'run,settings,epoch,train_loss,valid_loss,test_loss,train_accuracy,valid_accuracy,test_accuracy\r\n' +
      '2,"?layers=100,50",5,0.3333333333333333,2,3,0.1,0.2,0.3\r\n',
  );
});
