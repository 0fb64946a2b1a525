// The rate of the GPU's clock against the host's: whether its stamps count nanoseconds at all.

import { median } from '../base/statistics';
import type { WatchedSubmit } from './evidence';

/** Submits from the first of a pair to the second: enough that the first is done before the second begins. */
const LAG = 8;

/** Times the host's rate from which on, or below one over it, a clock counts something else; no clock drifts by more than a thousandth. */
const WRONG = 1.25;

/** Share of pairs that have to agree: a clock that jumps spoils a few. */
const AGREEING = 0.75;

/** Coarsest steps of the host's clock, in ns. */
const HOST_STEP = 1e6;

/** What two submits tell. */
interface Pair {
  readonly verdict: 'fast' | 'slow' | 'right';
  /** GPU's time over the host's, about. */
  readonly rate: number;
}

/**
 * How many times as fast as the host's the clock of these stamps runs, where that is so far from one that the stamps are in another unit than
 * nanoseconds; undefined where it is not, or cannot be told.
 *
 * Nothing begins before it was submitted, and nobody learns of an end before it. So the time from a begin to the end of a later submit lies
 * between two times of the host: from the first one's results to the second one's submission, and from the first submission to the last results.
 */
export function wrongRate(submits: readonly WatchedSubmit[], quantumNs: number): number | undefined {
  const moments = submits.flatMap(({ submit, readBack, spans }) => {
    const written = spans.filter(({ beginNs, endNs }) => beginNs > 0n && endNs >= beginNs);
    return written.length === 0
      ? []
      : [{ begin: written[0]!.beginNs, end: written.at(-1)!.endNs, from: submit.beginUs, to: readBack.endUs }];
  });
  const lag = Math.min(LAG, moments.length - 1);
  const slack = 2 * quantumNs + HOST_STEP;
  const pairs = moments.slice(0, moments.length - Math.max(0, lag)).flatMap((first, i): Pair[] => {
    const second = moments[i + lag]!;
    const counted = Number(second.end - first.begin);
    const least = Math.max(0, 1000 * (second.from - first.to));
    const most = 1000 * (second.to - first.from);
    // A counter that was reset in between.
    if (counted < 0 || most <= 0) return [];
    // From begin to begin, and from submission to submission: what a submit waits drops out.
    const rate =
      second === first
        ? counted / most
        : Number(second.begin - first.begin) / (1000 * Math.max(second.from - first.from, 1));
    if (counted > WRONG * most + slack) return [{ verdict: 'fast', rate }];
    return [{ verdict: WRONG * counted + slack < least ? 'slow' : 'right', rate }];
  });
  for (const wrong of ['fast', 'slow'] as const) {
    const agreeing = pairs.filter(({ verdict }) => verdict === wrong);
    if (agreeing.length > 0 && agreeing.length >= AGREEING * pairs.length) {
      return median(agreeing.map(({ rate }) => rate));
    }
  }
  return undefined;
}
