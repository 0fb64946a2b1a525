// Estimates: what an operation takes, how sure that is, and what was left out.

import { quantile } from '../base/statistics';
import { formatMicroseconds } from '../base/units';
import { meanInterval } from './interval';
import { type Discards, judgeZeros, type Samples } from './spans';

/** What every estimate tells of its samples. */
interface Evidence {
  /** Samples used. */
  readonly samples: number;
  /** Independent samples that they are worth. */
  readonly effective: number;
  readonly discards: Discards;
}

/** A mean time with its 95% interval, in µs. */
export interface Measured extends Evidence {
  readonly kind: 'measured';
  readonly meanUs: number;
  readonly lowUs: number;
  readonly highUs: number;
  /** Undefined where the quantum is too coarse to tell. */
  readonly medianUs: number | undefined;
  readonly p95Us: number | undefined;
}

/** No sample saw the clock advance: the mean lies below a bound, with 95% confidence. */
export interface BelowResolution extends Evidence {
  readonly kind: 'below';
  readonly belowUs: number;
}

/** No usable sample. */
export interface NotMeasured extends Evidence {
  readonly kind: 'none';
}

export type Estimate = Measured | BelowResolution | NotMeasured;

/** What {@link estimate} has to know. */
export interface EstimateOptions {
  readonly quantumNs: number;
  /** Runs of the same work in each sample, by which every time is divided. Default 1. */
  readonly repeats?: number;
  /** Whether the steps keep time with the clock: then a mean may be off by a whole quantum, and its interval says so. Default false. */
  readonly locked?: boolean;
  /**
   * Share of spans that the driver leaves at zero for no reason, as operations of two quanta and more show it. Among samples of a shorter one such
   * zeros cannot be seen, and only this share tells by how much they lower its mean. Default 0.
   */
  readonly zeroFaults?: number;
}

/** Quanta that a quantile must have at least to be told to about a tenth. */
const QUANTILE_QUANTA = 10;

/**
 * The shortest pass that there can be, in ns: twenty clocks of a fast GPU. A span below it is none, and a clock whose quantum is finer never gives zero
 * for a pass that ran.
 */
const SHORTEST_NS = 10;

/** The chance of a miss where only one side can be missed. */
const ONE_SIDED = 0.05;

/**
 * The time of one operation from its samples.
 *
 * Zeros that cannot be short samples are discarded; where it is unclear what they are, the interval covers both readings.
 */
export function estimate({ durationsNs, discards }: Samples, options: EstimateOptions): Estimate {
  const { quantumNs, repeats = 1, locked = false, zeroFaults = 0 } = options;
  const zeros = quantumNs <= SHORTEST_NS ? 'broken' : judgeZeros(durationsNs, quantumNs);
  const isZero = (ns: number) => Math.round(ns / quantumNs) === 0;
  const nonzero = durationsNs.filter((ns) => !isZero(ns));
  const used = zeros === 'broken' ? nonzero : durationsNs;
  const all: Discards = { ...discards, zero: discards.zero + durationsNs.length - used.length };
  if (used.length === 0) {
    return { kind: 'none', samples: 0, effective: 0, discards: all };
  }
  const unseen = zeros === 'short' && nonzero.length < used.length ? zeroFaults : 0;
  const us = (ns: number) => ns / 1000 / repeats / (1 - unseen);
  if (nonzero.length === 0) {
    // No event in n tries: the chance of one is below 1 - 0.05^(1/n).
    const bound = locked ? 1 : 1 - ONE_SIDED ** (1 / used.length);
    const evidence = { samples: used.length, effective: used.length, discards: all };
    return { kind: 'below', belowUs: us(Math.max(bound * quantumNs, SHORTEST_NS)), ...evidence };
  }
  const { mean, low, high, effective } = meanInterval(used, quantumNs);
  const upper = zeros === 'unclear' ? Math.max(high, meanInterval(nonzero, quantumNs).high) : high;
  const ascending = Float64Array.from(used).toSorted();
  const told = (fraction: number) => {
    const ns = quantile(ascending, fraction, true);
    return ns >= QUANTILE_QUANTA * quantumNs ? us(ns) : undefined;
  };
  return {
    kind: 'measured',
    meanUs: us(mean),
    lowUs: us(locked ? Math.max(0, Math.min(low, mean - quantumNs)) : low),
    highUs: us(locked ? Math.max(upper, mean + quantumNs) : upper),
    medianUs: told(0.5),
    p95Us: told(0.95),
    samples: used.length,
    effective,
    discards: all,
  };
}

/** An estimate in words: `12.3 µs ± 0.4`, `below resolution: < 0.20 µs`, `not measured`. */
export function describeEstimate(value: Estimate): string {
  if (value.kind === 'none') {
    return 'not measured';
  }
  if (value.kind === 'below') {
    return `below resolution: < ${formatMicroseconds(value.belowUs)}`;
  }
  if (value.samples === 1) {
    return `${formatMicroseconds(value.meanUs)} (one sample)`;
  }
  const half = Math.max(value.meanUs - value.lowUs, value.highUs - value.meanUs);
  return `${formatMicroseconds(value.meanUs)} ± ${formatMicroseconds(half)}`;
}

/** A number with its 95% interval. */
export interface Ranged {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** An estimate as a range in µs: below resolution, anything from nothing to the bound; undefined where nothing was measured. */
export function rangeOf(value: Estimate): Ranged | undefined {
  if (value.kind === 'none') {
    return undefined;
  }
  return value.kind === 'below'
    ? { value: value.belowUs / 2, low: 0, high: value.belowUs }
    : { value: value.meanUs, low: value.lowUs, high: value.highUs };
}

/** The sum of independent ranges; its interval by the method of Zou and Donner (2008). */
export function sumOf(ranges: readonly Ranged[]): Ranged {
  const value = ranges.reduce((sum, range) => sum + range.value, 0);
  const less = Math.hypot(...ranges.map((range) => range.value - range.low));
  const more = Math.hypot(...ranges.map((range) => range.high - range.value));
  return { value, low: value - less, high: value + more };
}

/** `a` less `b`, independent; by the same method. */
export function differenceOf(a: Ranged, b: Ranged): Ranged {
  return sumOf([a, { value: -b.value, low: -b.high, high: -b.low }]);
}

/** `a` over `b`, independent and positive: the difference of logarithms, by the same method; the interval of a zero bound is open. */
export function ratioOf(a: Ranged, b: Ranged): Ranged {
  const log = ({ value, low, high }: Ranged): Ranged => ({
    value: Math.log(value),
    low: Math.log(low),
    high: Math.log(high),
  });
  const { value, low, high } = differenceOf(log(a), log(b));
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}
