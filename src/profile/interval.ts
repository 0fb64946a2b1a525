// The interval of a mean: 95% confidence for samples that a clock has rounded to multiples of its quantum.

import { betaQuantile, studentQuantile } from '../base/distributions';
import { mean, standardDeviation } from '../base/statistics';

/** A mean and its 95% interval, in the samples' unit. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Independent samples that the samples are worth: fewer, where each resembles the one before. */
  readonly effective: number;
}

/** Chance of a miss on either side, and where a miss is possible on one side only. */
const TAIL = 0.025;
const ONE_SIDED = 0.05;

/**
 * Times itself by which one sample may be off at 95%, whatever it is of: 2 / 0.05 - 1, for any distribution with one peak (Edelman, 1990, "A
 * confidence interval for the center of an unknown unimodal distribution based on a sample of size 1").
 */
const ONE_SAMPLE = 39;

/** Share of samples off the most frequent value up to which they are counted as rare events. */
const RARE = 0.1;

/**
 * The mean of samples and its 95% interval.
 *
 * With the phase of the clock uniform, an operation of d = k q + r gives (k + 1) q with chance r / q and else k q, so the mean is unbiased
 * whatever the quantum q. How far it can be off depends on what dominates:
 *
 * - Samples on at most three neighbouring multiples of q, or nearly all on one: the chances of being above and below the most
 *   frequent one are binomial, and have the intervals of Clopper and Pearson. Their difference follows by the method of Zou and Donner (2008);
 *   events of different size count by their moments, as Fay and Feuer (1997) count weighted events.
 * - One sample that saw the clock advance does not show jitter at all.
 * - Else jitter is larger than the quantum, and Student's interval serves.
 *
 * No duration is negative, so nothing lies below zero.
 *
 * @param values multiples of `quantum` in the order in which they came; at least one
 */
export function meanInterval(values: readonly number[], quantum: number): MeanInterval {
  const levels = values.map((value) => Math.round(value / quantum));
  const effective = effectiveCount(levels);
  const mode = mostFrequent(levels);
  const up = deviations(levels, mode, 1);
  const down = deviations(levels, mode, -1);
  const rare = up.count + down.count <= RARE * levels.length;
  if (values.length === 1 && mode > 0) {
    return { mean: mode * quantum, low: 0, high: (1 + ONE_SAMPLE) * mode * quantum, effective };
  }
  if (up.count + down.count === 0) {
    // The mean is below the level or above it, so only one of the bounds can be wrong.
    const bound = 1 - ONE_SIDED ** (1 / effective);
    return {
      mean: mode * quantum,
      low: Math.max(0, mode - bound) * quantum,
      high: (mode + bound) * quantum,
      effective,
    };
  }
  if (rare || (up.largest <= 1 && down.largest <= 1)) {
    const [low, high] = countInterval(up, down, levels.length, effective, mode > 0);
    const center = mode + (up.sum - down.sum) / levels.length;
    return {
      mean: center * quantum,
      low: Math.max(0, center - low) * quantum,
      high: (center + high) * quantum,
      effective,
    };
  }
  const center = mean(values);
  const half = (studentQuantile(1 - TAIL, effective - 1) * standardDeviation(values)) / Math.sqrt(effective);
  return { mean: center, low: Math.max(0, center - half), high: center + half, effective };
}

/** Samples off the most frequent level, on one side. */
interface Deviations {
  readonly count: number;
  readonly largest: number;
  readonly sum: number;
  readonly squares: number;
}

function deviations(levels: readonly number[], mode: number, side: 1 | -1): Deviations {
  let [count, largest, sum, squares] = [0, 0, 0, 0];
  for (const level of levels) {
    const deviation = side * (level - mode);
    if (deviation > 0) {
      count++;
      largest = Math.max(largest, deviation);
      sum += deviation;
      squares += deviation * deviation;
    }
  }
  return { count, largest, sum, squares };
}

/** How far the mean may lie below and above its estimate, in levels. */
function countInterval(
  up: Deviations,
  down: Deviations,
  samples: number,
  effective: number,
  canBeLess: boolean,
): readonly [below: number, above: number] {
  const above = proportion(up, samples, effective);
  const below = canBeLess ? proportion(down, samples, effective) : { share: 0, less: 0, more: 0 };
  // Shares of one sample exclude each other: their correlation is negative.
  const odds = ({ share }: { readonly share: number }) => (share >= 1 ? 0 : share / (1 - share));
  const correlation = -Math.min(1, Math.sqrt(odds(above) * odds(below)));
  const combine = (a: number, b: number) => Math.sqrt(a * a + b * b - 2 * correlation * a * b);
  return [combine(above.less, below.more), combine(above.more, below.less)];
}

/** The mean share of deviations and how much less or more it may be: exact for deviations of one level. */
function proportion({ sum, squares }: Deviations, samples: number, effective: number) {
  const size = sum === 0 ? 1 : squares / sum;
  const events = (sum === 0 ? 0 : (sum * sum) / squares) * (effective / samples);
  const share = events / effective;
  const low = events === 0 ? 0 : betaQuantile(TAIL, events, Math.max(effective - events + 1, 1e-9));
  const high = events >= effective ? 1 : betaQuantile(1 - TAIL, events + 1, effective - events);
  return { share, less: size * (share - low), more: size * (high - share) };
}

function mostFrequent(levels: readonly number[]): number {
  const counts = new Map<number, number>();
  let [mode, most] = [levels[0]!, 0];
  for (const level of levels) {
    const count = (counts.get(level) ?? 0) + 1;
    counts.set(level, count);
    if (count > most) {
      [mode, most] = [level, count];
    }
  }
  return mode;
}

/** Standard deviations of the lag-1 autocorrelation above which it is not chance. */
const NOT_CHANCE = 3;

/**
 * Independent samples that a series is worth.
 *
 * Where the lag-1 autocorrelation is clearly positive (a clock that warms up, a phase that drifts slowly), the count is divided by
 * 1 + 2 Σ ρ, summed while neighbouring pairs of ρ stay positive (Geyer, 1992). Else the count itself.
 */
function effectiveCount(values: readonly number[]): number {
  const count = values.length;
  const center = mean(values);
  const covariance = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < count; i++) sum += (values[i]! - center) * (values[i - lag]! - center);
    return sum / count;
  };
  const variance = covariance(0);
  if (count < 8 || variance === 0 || covariance(1) / variance < NOT_CHANCE / Math.sqrt(count)) {
    return count;
  }
  let inflation = -1;
  for (let lag = 0; lag + 1 < count / 2; lag += 2) {
    const pair = (covariance(lag) + covariance(lag + 1)) / variance;
    if (pair <= 0) break;
    inflation += 2 * pair;
  }
  return Math.max(2, count / Math.max(1, inflation));
}
