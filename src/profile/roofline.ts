// The roofline: an operation's rates against what this adapter can do.

import type { OperationCost } from '../program/operation-cost';
import { boundsOf } from './ceiling-bounds';
import type { Ceilings } from './ceilings';
import type { CeilingName } from './ceilings-probes';
import type { Ranged } from './estimate';

/** What keeps an operation from being faster. */
export type Limit = 'compute' | 'memory' | 'cache' | 'launch';

/** An operation's place under the roofline. */
export interface RooflinePoint {
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
  /** FLOP for each byte of traffic; infinite without traffic. */
  readonly intensity: number;
  /** The limit that allows the least. */
  readonly limit: Limit;
  /** Other limits that may be the one, as far as the spread of the ceilings tells. With any, there is no verdict. */
  readonly rivals: readonly Limit[];
  /** The time that it allows, in µs. */
  readonly leastUs: number;
  /** That time over the measured one: 1 at the limit, with the interval of the measurement and the spread of the ceilings. */
  readonly share: Ranged;
}

/** What a ceiling allows one operation. */
export interface Allowance {
  readonly limit: Limit;
  readonly ceiling: CeilingName;
  /** FLOP, bytes or dispatches that count against it. */
  readonly amount: number;
  /** The time that they take at least, in s, from the highest to the lowest that the ceiling may be. */
  readonly seconds: Ranged;
}

/** What arithmetic, traffic and launch each allow. Data that fit the cache are held to the cache's bandwidth. */
export function allowances({ flops, bytesRead, bytesWritten }: OperationCost, ceilings: Ceilings): Allowance[] {
  const bytes = bytesRead + bytesWritten;
  const traffic = bytes <= ceilings.cacheBytes ? 'cache' : 'memory';
  const rated = (limit: Limit, ceiling: Exclude<CeilingName, 'launch'>, amount: number): Allowance => {
    const { low, high } = boundsOf(ceilings, ceiling);
    return {
      limit,
      ceiling,
      amount,
      seconds: { value: amount / ceilings[ceiling], low: amount / high, high: amount / low },
    };
  };
  return [
    rated('compute', 'flops', flops),
    rated(traffic, traffic, bytes),
    {
      limit: 'launch',
      ceiling: 'launch',
      amount: 1,
      seconds: { value: ceilings.launch, ...boundsOf(ceilings, 'launch') },
    },
  ];
}

/**
 * Places an operation under the ceilings.
 *
 * Arithmetic, traffic and launch could all overlap at best, so the least time is the longest of the three.
 *
 * @param timeUs of one dispatch, above zero
 */
export function rooflinePoint(cost: OperationCost, timeUs: Ranged, ceilings: Ceilings): RooflinePoint {
  const bytes = cost.bytesRead + cost.bytesWritten;
  const all = allowances(cost, ceilings);
  const longest = all.reduce((most, each) => (each.seconds.value > most.seconds.value ? each : most));
  const rivals = all.filter((each) => each !== longest && each.seconds.high > longest.seconds.low);
  const leastUs = longest.seconds.value * 1e6;
  const most = (bound: 'low' | 'high') => Math.max(...all.map(({ seconds }) => seconds[bound])) * 1e6;
  return {
    flopsPerSecond: cost.flops / (timeUs.value / 1e6),
    bytesPerSecond: bytes / (timeUs.value / 1e6),
    intensity: cost.flops / bytes,
    limit: longest.limit,
    rivals: rivals.map(({ limit }) => limit),
    leastUs,
    share: { value: leastUs / timeUs.value, low: most('low') / timeUs.high, high: most('high') / timeUs.low },
  };
}

/** The limit in words: `memory`, or where the ceilings' spread leaves open which it is `memory or compute`. */
export function describeLimit({ limit, rivals }: RooflinePoint): string {
  return [limit, ...rivals].join(' or ');
}

/**
 * How much of its limit an operation reaches: `43% of memory`.
 *
 * Where the mean is beyond the limit and its interval is not, it is `about 100%`.
 */
export function describeShare(point: RooflinePoint): string {
  const percent = Math.round(100 * point.share.value);
  return `${percent > 100 ? 'about 100' : percent}% of ${describeLimit(point)}`;
}

/** The intensity at which arithmetic begins to bind rather than memory, in FLOP/byte. */
export function ridge(ceilings: Ceilings, cached = false): number {
  return ceilings.flops / (cached ? ceilings.cache : ceilings.memory);
}
