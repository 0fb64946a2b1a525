// The time line: submits on the host's clock, with the passes whose stamps make sense.

import { alignClocks, type ClockAlignment, toCpuUs } from './clock-alignment';
import type { Interval } from './accounting';
import type { Clock } from './clock';
import type { StampedSpan, WatchedSubmit } from './evidence';
import type { TimelineSubmit } from './recording';

/** Submits on one time line, and what could not be placed on it. */
export interface Timeline {
  readonly submits: readonly TimelineSubmit[];
  /** Moments at which the GPU's clock went on from another value: it wrapped, or was reset. */
  readonly jumps: number;
  /** Passes whose stamps make no sense, and submits that have no others. */
  readonly lostPasses: number;
  readonly lostSubmits: number;
}

/** Error of the host's clock, in ns: browsers round it to a millisecond at most. */
const HOST_STEP = 1e6;

/** The largest drift of the clocks against each other. */
const LARGEST_DRIFT = 1e-3;

/** A submit whose stamps make sense: the first begin and the last end of its sound spans. */
interface Placed {
  readonly watched: WatchedSubmit;
  readonly spans: readonly StampedSpan[];
  readonly beginNs: bigint;
  readonly endNs: bigint;
}

/**
 * Submits on one time line, in µs from the first encoding on.
 *
 * A clock that jumps is aligned anew after each jump.
 */
export function timelineOf(run: readonly WatchedSubmit[], clock: Clock, labels: readonly string[]): Timeline {
  const origin = run[0]?.encode.beginUs ?? 0;
  const quantumNs = clock.kind === 'stamps' ? clock.quantumNs : 1;
  const stamped = clock.kind === 'stamps' ? run.filter(({ spans }) => spans.length > 0) : [];
  const placed = stamped.flatMap((watched) => placeOf(watched, quantumNs) ?? []);
  const stretches = withoutJumps(placed, quantumNs);
  const places = new Map<WatchedSubmit, readonly [Placed, ClockAlignment]>();
  for (const stretch of stretches) {
    const pairs = stretch.map(({ watched: { submit, readBack }, beginNs, endNs }) => ({
      submittedUs: submit.beginUs,
      beginNs,
      endNs,
      doneUs: readBack.endUs,
    }));
    const alignment = alignClocks(pairs, quantumNs);
    for (const place of stretch) if (alignment) places.set(place.watched, [place, alignment]);
  }
  const shifted = ({ beginUs, endUs }: Interval): Interval => ({ beginUs: beginUs - origin, endUs: endUs - origin });
  const submits = run.map((watched): TimelineSubmit => {
    const { encode, submit, readBack, steps, timedSteps, loss } = watched;
    const [place, alignment] = places.get(watched) ?? [];
    let end = Number.NEGATIVE_INFINITY;
    const passes = (place?.spans ?? []).map((span) => {
      // Passes may overlap; each counts from the end of the one before, as spans do.
      const beginUs = Math.max(end, toCpuUs(alignment!, span.beginNs) - origin);
      end = Math.max(beginUs, toCpuUs(alignment!, span.endNs) - origin);
      const name = span.what === 'operation' ? labels[span.operation]! : nameOf(span.what, steps);
      return { name, operation: span.operation < 0 ? null : span.operation, beginUs, endUs: end };
    });
    return {
      encode: shifted(encode),
      submit: shifted(submit),
      readBack: shifted(readBack),
      passes,
      steps: steps + timedSteps,
      loss: Number.isFinite(loss) ? loss : null,
    };
  });
  const count = (lists: readonly { readonly spans: readonly StampedSpan[] }[]) =>
    lists.reduce((sum, { spans }) => sum + spans.length, 0);
  return {
    submits,
    jumps: Math.max(0, stretches.length - 1),
    lostPasses: count(stamped) - count(placed),
    lostSubmits: stamped.length - placed.length,
  };
}

/** The longest that passes of a submit can last, in ns: as long as the host waited for it. */
export function longestNs({ submit, readBack }: Pick<WatchedSubmit, 'submit' | 'readBack'>, quantumNs: number): number {
  const waited = 1000 * (readBack.endUs - submit.beginUs);
  return waited * (1 + LARGEST_DRIFT) + 2 * quantumNs + HOST_STEP;
}

/** The spans of a submit that make sense together, or undefined where none does. */
function placeOf(watched: WatchedSubmit, quantumNs: number): Placed | undefined {
  const longest = longestNs(watched, quantumNs);
  const written = watched.spans.filter(
    ({ beginNs, endNs }) => beginNs > 0n && endNs >= beginNs && Number(endNs - beginNs) <= longest,
  );
  const begins = written.map(({ beginNs }) => beginNs).toSorted((a, b) => (a < b ? -1 : 1));
  const middle = begins[Math.floor(begins.length / 2)];
  if (middle === undefined) return undefined;
  // Where a clock jumps amid a submit, or a stamp is of another time, the larger part counts.
  const spans = written.filter(({ beginNs }) => Math.abs(Number(beginNs - middle)) <= longest);
  const endNs = spans.reduce((last, span) => (span.endNs > last ? span.endNs : last), 0n);
  const beginNs = spans.reduce((first, span) => (span.beginNs < first ? span.beginNs : first), endNs);
  return Number(endNs - beginNs) <= longest ? { watched, spans, beginNs, endNs } : undefined;
}

/** Parts of a run in each of which the GPU's clock goes on as long as the host's does. */
function withoutJumps(placed: readonly Placed[], quantumNs: number): Placed[][] {
  const stretches: Placed[][] = [];
  let last: Placed | undefined;
  for (const place of placed) {
    if (last && !goesOn(last, place, quantumNs)) last = undefined;
    if (!last) stretches.push([]);
    stretches.at(-1)!.push(place);
    last = place;
  }
  return stretches;
}

/** Whether the time from the one's last end to the other's first begin is what the host's clock allows. */
function goesOn(one: Placed, other: Placed, quantumNs: number): boolean {
  const passed = Number(other.beginNs - one.endNs);
  const least = 1000 * (other.watched.submit.beginUs - one.watched.readBack.endUs);
  const most = 1000 * (other.watched.readBack.endUs - one.watched.submit.beginUs);
  const slack = 2 * quantumNs + HOST_STEP + LARGEST_DRIFT * most;
  return passed >= least - slack && passed <= most + slack;
}

function nameOf(what: StampedSpan['what'], steps: number): string {
  return what === 'steps' ? `${steps} ${steps === 1 ? 'step' : 'steps'}` : what;
}
