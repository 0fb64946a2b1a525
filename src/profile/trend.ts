// The trend of a recording: whether steps took as long at its end as at its start.

import { quantile } from '../base/statistics';

/** Fewest samples of a third. */
const FEWEST = 8;

/** Times as long from which on the mean of both ends is the time of neither. */
const CHANGED = 1.25;

/** Quanta by which the ends differ at least: a phase that wanders slowly moves samples by one. */
const QUANTA = 2;

/**
 * How many times as long the first third of the samples took as the last, by their medians, where three quarters of the one are at least 1.25 times as
 * long as three quarters of the other; else undefined.
 *
 * @param durationsNs in the order in which they came
 */
export function trendOf(durationsNs: readonly number[], quantumNs: number): number | undefined {
  const third = Math.floor(durationsNs.length / 3);
  if (third < FEWEST) return undefined;
  const first = Float64Array.from(durationsNs.slice(0, third)).toSorted();
  const last = Float64Array.from(durationsNs.slice(-third)).toSorted();
  return apart(last, first, quantumNs) || apart(first, last, quantumNs)
    ? quantile(first, 0.5, true) / Math.max(quantile(last, 0.5, true), quantumNs)
    : undefined;
}

function apart(shorter: Float64Array, longer: Float64Array, quantumNs: number): boolean {
  const [below, above] = [quantile(shorter, 0.75, true), quantile(longer, 0.25, true)];
  return above > CHANGED * below && above - below > QUANTA * quantumNs;
}
