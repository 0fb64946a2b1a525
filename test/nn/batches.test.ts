import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { batchRanges, epochOrder } from '../../src/nn/batches';
import { expectError } from '../support/errors';

test('a full batch takes rows as they come and draws nothing', () => {
  const random = new RandomState(5);
  expect(Array.from(epochOrder(4, 'full', random))).toEqual([0, 1, 2, 3]);
  expect(random.randomUint32()).toBe(new RandomState(5).randomUint32());
});

test('minibatches take a new permutation each epoch', () => {
  const random = new RandomState(5);
  const stream = new RandomState(5);
  for (let epoch = 0; epoch < 3; epoch++) expect(epochOrder(9, 2, random)).toEqual(stream.permutation(9));
});

test('batches cover all rows in order, and only the last may be short', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 600 }), (rows, batch) => {
      const ranges = batchRanges(rows, batch);
      let next = 0;
      for (const range of ranges) {
        expect(range.start).toBe(next);
        next += range.rows;
      }
      expect(next).toBe(rows);
      expect(ranges.slice(0, -1).every((range) => range.rows === batch)).toBe(true);
      expect(ranges.at(-1)?.rows).toBeGreaterThan(0);
    }),
  );
  expect(batchRanges(721, 'full')).toEqual([{ start: 0, rows: 721 }]);
});

test('impossible batches are named', () => {
  expectError(() => batchRanges(10, 0), 'usage', /batch size is 0.*or use 'full'/);
  expectError(() => batchRanges(10, 2.5), 'usage', /batch size is 2.5/);
  expectError(() => batchRanges(0, 'full'), 'usage', /number of rows is 0/);
});
