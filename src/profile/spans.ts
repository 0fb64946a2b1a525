// Spans: the begin and end stamps of consecutive passes become durations, or a reason why not.

import { betaCdf } from '../base/distributions';

/** Why a pair of stamps gives no duration. */
export type DiscardReason =
  /** A stamp was never written, or a span is zero where the clock is fine enough to know better. */
  | 'zero'
  /** The pass ends before it begins. */
  | 'negative'
  /** The pass ends before the one before it ended: the clock ran backward between them. */
  | 'backward'
  /** The span is longer than the host waited for its submit, or than any that a device survives: a counter wrapped. */
  | 'overflow';

/** How many spans were left out, by reason. */
export type Discards = Readonly<Record<DiscardReason, number>>;

/** No span left out. */
export const NO_DISCARDS: Discards = { zero: 0, negative: 0, backward: 0, overflow: 0 };

/** The longest span believed where the host's clock does not tell, in ns: browsers stop a device long before. */
const LONGEST_NS = 60e9;

/** Where a span begins and how long it lasts, in ns; or why it is left out. */
export type Span = { readonly beginNs: bigint; readonly durationNs: number } | { readonly discarded: DiscardReason };

/**
 * Spans of consecutive passes from their stamps: begin and end of the first, of the second, and so on, in ns.
 *
 * A pass can begin before the one before it ended, so a span counts from the later of the two: end_i - max(begin_i, end_{i-1}).
 * Added up, spans never exceed the time from the first begin to the last end. A pass that is discarded bounds none after it.
 *
 * A span of zero is kept here: only the samples of an operation together tell whether it is short or broken (`judgeZeros`).
 *
 * @param longestNs that a span can be
 */
export function readSpans(stamps: BigUint64Array, longestNs = LONGEST_NS): Span[] {
  const spans: Span[] = [];
  let previousEnd = 0n;
  for (let i = 0; i + 1 < stamps.length; i += 2) {
    const begin = stamps[i]!;
    const end = stamps[i + 1]!;
    const discarded = discardReason(begin, end, previousEnd, longestNs);
    if (discarded) {
      spans.push({ discarded });
      continue;
    }
    const beginNs = begin > previousEnd ? begin : previousEnd;
    spans.push({ beginNs, durationNs: Number(end - beginNs) });
    previousEnd = end;
  }
  return spans;
}

function discardReason(begin: bigint, end: bigint, previousEnd: bigint, longestNs: number): DiscardReason | undefined {
  if (begin === 0n || end === 0n) return 'zero';
  if (end < begin) return 'negative';
  if (end < previousEnd) return 'backward';
  return Number(end - begin) > longestNs ? 'overflow' : undefined;
}

/** The samples of one operation over many timed steps, in the order in which they came. */
export interface Samples {
  readonly durationsNs: readonly number[];
  readonly discards: Discards;
}

/** Collects the spans of timed steps, pass by pass. */
export function collectSpans(steps: readonly (readonly Span[])[], passes: number): Samples[] {
  return Array.from({ length: passes }, (_, pass) => {
    const durationsNs: number[] = [];
    const discards = { ...NO_DISCARDS };
    for (const spans of steps) {
      const span = spans[pass];
      if (span && 'discarded' in span) {
        discards[span.discarded]++;
      } else if (span) {
        durationsNs.push(span.durationNs);
      }
    }
    return { durationsNs, discards };
  });
}

/**
 * What the zeros among an operation's samples are.
 *
 * - `short`: the operation is shorter than a quantum; a zero is a sample like any other
 * - `broken`: the operation is too long for zeros; they are a fault of the driver
 * - `unclear`: it lasts little more than a quantum; zeros may be jitter or faults
 */
export type Zeros = 'short' | 'broken' | 'unclear';

/** The chance below which zeros are not jitter. */
const NOT_JITTER = 0.05;

/** Error of a mean, in quanta, that must not decide which samples lie as far above it as zero lies below. */
const SLACK = 0.1;

/** No driver is taken to fail more often than this, while there is another reading. */
const RARE = 0.1;

/**
 * Judges the zeros among samples of a clock with this quantum.
 *
 * An operation of k quanta and a bit gives k or k + 1. So below one quantum zeros are its due; above, it takes jitter to explain them. A gap
 * betrays faults: above two quanta jitter leaves more ones than zeros. And so does the other side: jitter that is symmetric, or
 * has its tail upward as times have, reaches twice the mean at least as often as zero.
 *
 * A short operation that is held up now and then, as by other work on a busy machine, may last many quanta in the mean; but then
 * most of its samples are zeros and ones, more of them zeros than faults would be.
 */
export function judgeZeros(durationsNs: readonly number[], quantumNs: number): Zeros {
  const levels = durationsNs.map((duration) => Math.round(duration / quantumNs));
  const all = levels.length;
  const zeros = levels.filter((level) => level === 0).length;
  const ones = levels.filter((level) => level === 1).length;
  const longer = all - zeros - ones;
  const mean = levels.reduce((sum, level) => sum + level, 0) / all;
  if (zeros === 0 || mean <= 1 || longer === 0) return 'short';
  if (zeros > RARE * all && ones >= RARE * zeros) return ones >= longer ? 'short' : 'unclear';
  if (zeros >= all / 2 && ones > 0 && longer < RARE * all) return 'short';
  if (zeros > ones && longer > ones) return 'broken';
  const nonzeroMean = (mean * all) / (all - zeros);
  const mirrored = levels.filter((level) => level >= Math.floor(2 * nonzeroMean + SLACK)).length;
  // The chance of so many of both on the lower side, were the sides alike: a binomial tail.
  return betaCdf(0.5, zeros, mirrored + 1) < NOT_JITTER ? 'broken' : 'unclear';
}
