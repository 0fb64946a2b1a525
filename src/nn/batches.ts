// Which rows each step of an epoch sees: the order of the rows, and its division into batches.

import { requireWhole } from '../base/checks';
import type { RandomState } from '../base/random';

/** Rows a step: all of them, or a number of them taken in a new random order each epoch. */
export type BatchSize = 'full' | number;

/** Consecutive places in the epoch's order. */
export interface BatchRange {
  readonly start: number;
  readonly rows: number;
}

/**
 * The row order of the next epoch.
 *
 * Full batch: the data set's own order, and nothing is drawn. Minibatch: one `permutation(rows)`. `random` is the
 * stream that drew the initial weights, asked once at the start of each epoch: the project's seeding rule.
 */
export function epochOrder(rows: number, batch: BatchSize, random: RandomState): Uint32Array {
  return batch === 'full' ? Uint32Array.from({ length: rows }, (_, i) => i) : random.permutation(rows);
}

/**
 * The batches of an epoch, in order; the last one may be short.
 *
 * A batch larger than `rows` makes one short batch (and is still shuffled by {@link epochOrder}).
 *
 * @throws UnderglassError 'usage' if `rows` or `batch` is not a whole number of at least 1
 */
export function batchRanges(rows: number, batch: BatchSize): BatchRange[] {
  requireWhole('The number of rows', rows, { min: 1 });
  if (batch === 'full') return [{ start: 0, rows }];
  requireWhole('The batch size', batch, { min: 1, remedy: "or use 'full'" });
  const ranges: BatchRange[] = [];
  for (let start = 0; start < rows; start += batch) ranges.push({ start, rows: Math.min(batch, rows - start) });
  return ranges;
}
