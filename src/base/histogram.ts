// Histograms: how often values fall into each of a row of equal bins.

/** Counts over equal bins from `from` to `to`. */
export interface Histogram {
  /** Least and largest finite value; both 0 where there is none. */
  readonly from: number;
  readonly to: number;
  /** Values in each bin; one on an inner border belongs to the bin above, `to` itself to the last. */
  readonly counts: Uint32Array;
  readonly mean: number;
  /** Of the finite values as a whole population, not of a sample. */
  readonly deviation: number;
  /** Values that are NaN or infinite; they are in no bin. */
  readonly strange: number;
}

/**
 * The histogram of `values` over `bins` equal bins between their least and largest.
 *
 * Values that are all the same lie in a single bin of no width, the first.
 */
export function histogram(values: ArrayLike<number>, bins: number): Histogram {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let finite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < from) from = value;
    if (value > to) to = value;
    sum += value;
    finite++;
  }
  const counts = new Uint32Array(bins);
  const strange = values.length - finite;
  if (finite === 0) return { from: 0, to: 0, counts, mean: Number.NaN, deviation: Number.NaN, strange };
  const mean = sum / finite;
  const range = to - from || 1;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    squares += (value - mean) ** 2;
    const bin = Math.min(bins - 1, Math.floor(((value - from) / range) * bins));
    counts[bin] = counts[bin]! + 1;
  }
  return { from, to, counts, mean, deviation: Math.sqrt(squares / finite), strange };
}
