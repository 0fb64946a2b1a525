// The clock: how finely the adapter's stamps tell time, found from the stamps themselves.

import { formatMicroseconds } from '../base/units';

/** Chrome clears the low 16 bits of every stamp. */
export const BROWSER_QUANTUM_NS = 65_536;

/** Stamps of passes, in nanoseconds and multiples of a quantum. */
export interface StampClock {
  readonly kind: 'stamps';
  /** The finest step that the stamps show, in ns; not whole where the counter's frequency does not divide 1 GHz. */
  readonly quantumNs: number;
  /** Different stamps that it was found from. */
  readonly stamps: number;
  /** False where so few stamps were seen that the true quantum may be a fraction of this one. */
  readonly sure: boolean;
}

/**
 * No stamps: times are slopes of wall-clock time over many steps.
 *
 * Only whole steps can be timed so; single operations cannot.
 */
export interface WallClock {
  readonly kind: 'wall';
  /** Why there are no stamps, as part of a sentence. */
  readonly reason: string;
}

export type Clock = StampClock | WallClock;

/** Frequencies of GPU counters whose period is no whole number of ns, in MHz: Intel's 12, 19.2 and 38.4; Apple's 24. */
const ODD_FREQUENCIES = [12, 19.2, 24, 38.4] as const;

/** Different stamps from which a common divisor is hardly chance: all of eight random ones share a factor 2 in 1 of 128. */
const ENOUGH_STAMPS = 9;

/** Longest difference that is held against a counter's period, in ns: drivers round the period, and errors add up. */
const LONGEST_NS = 1e6;

/** Share of differences that must fit a counter's period: all, but for stamps that are wrong anyway. */
const FIT = 0.98;

/**
 * The clock that gave these stamps, in ns; stamps of 0 were never written and do not count.
 *
 * The quantum is the greatest common divisor of all differences: for stamps whose low bits are cleared, two to the number
 * of those bits.
 */
export function findClock(stamps: BigUint64Array): Clock {
  const different = new Set(stamps);
  different.delete(0n);
  const [first, ...others] = different;
  if (first === undefined || others.length === 0) {
    return { kind: 'wall', reason: 'the adapter wrote no two different stamps' };
  }
  const sure = different.size >= ENOUGH_STAMPS;
  const divisor = Number(others.reduce((common, stamp) => greatestCommonDivisor(common, distance(stamp, first)), 0n));
  let quantumNs = divisor;
  if (divisor === 1 && sure) {
    quantumNs = oddPeriod([...different]) ?? 1;
  } else if (!sure && divisor % BROWSER_QUANTUM_NS === 0 && first % BigInt(BROWSER_QUANTUM_NS) === 0n) {
    // Few stamps can share a multiple of the quantum by chance; the browser's is known beforehand.
    quantumNs = BROWSER_QUANTUM_NS;
  }
  return { kind: 'stamps', quantumNs, stamps: different.size, sure };
}

/** The clock in words: `1 ns`, `rounded to 65.536 µs by the browser`. */
export function describeClock(clock: Clock): string {
  if (clock.kind === 'wall') {
    return `wall clock over many steps, since ${clock.reason}`;
  }
  const { quantumNs, sure } = clock;
  if (quantumNs === BROWSER_QUANTUM_NS) {
    return 'rounded to 65.536 µs by the browser';
  }
  const text = quantumNs < 1000 ? `${Number(quantumNs.toFixed(2))} ns` : formatMicroseconds(quantumNs / 1000);
  return sure ? text : `${text} or finer`;
}

/** Why stamps that run so many times as fast as the host's clock are of no use, as part of a sentence. */
export function describeRate(rate: number): string {
  const times = (value: number) => `${Number(value.toFixed(value < 9.95 ? 1 : 0))} times`;
  const relation = rate > 1 ? `${times(rate)} as fast as` : `${times(1 / rate)} slower than`;
  return `its stamps run ${relation} the host's clock: they are in another unit than nanoseconds`;
}

/**
 * Time of one step from wall-clock times of many, in ns: the median of the slopes between all pairs (Theil and Sen).
 *
 * For adapters without stamps. Delays that come now and then, such as those of `onSubmittedWorkDone`, hardly move it.
 *
 * @param points steps done so far, and the time of their completion in ms
 * @returns undefined for fewer than two points of different steps
 */
export function wallSlopeNs(points: readonly (readonly [steps: number, milliseconds: number])[]): number | undefined {
  const slopes = points.flatMap(([steps, time], i) =>
    points.slice(i + 1).flatMap(([more, later]) => (more > steps ? [((later - time) * 1e6) / (more - steps)] : [])),
  );
  const ascending = slopes.toSorted((a, b) => a - b);
  const half = ascending.length / 2;
  return ascending.length === 0 ? undefined : (ascending[Math.floor(half)]! + ascending[Math.ceil(half) - 1]!) / 2;
}

/** The period of a counter whose every tick was rounded to whole ns, or undefined. */
function oddPeriod(stamps: readonly bigint[]): number | undefined {
  const ascending = stamps.toSorted((a, b) => (a < b ? -1 : 1));
  const differences = ascending
    .slice(1)
    .map((stamp, i) => Number(stamp - ascending[i]!))
    .filter((difference) => difference < LONGEST_NS);
  // The slowest counter first: every tick of a counter is a tick of one of twice its frequency.
  return ODD_FREQUENCIES.map((frequency) => 1000 / frequency).find((period) => {
    const fitting = differences.filter((ns) => Math.abs(ns - period * Math.round(ns / period)) <= 1.01);
    return differences.length >= ENOUGH_STAMPS - 1 && fitting.length >= FIT * differences.length;
  });
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) {
    [x, y] = [y, x % y];
  }
  return x;
}
