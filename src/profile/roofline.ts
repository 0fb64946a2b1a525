// The roofline: an operation's rates against what this adapter can do.

import type { OperationCost } from '../program/operation-cost';
import type { Ceilings } from './ceilings';
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
  /** The time that it allows, in µs. */
  readonly leastUs: number;
  /** That time over the measured one: 1 at the limit, with the measurement's interval. */
  readonly share: Ranged;
}

/**
 * Places an operation under the ceilings.
 *
 * Arithmetic, traffic and launch could all overlap at best, so the least time is the longest of the three. Data that fit the cache
 * are held to the cache's bandwidth.
 *
 * @param timeUs of one dispatch, above zero
 */
export function rooflinePoint(cost: OperationCost, timeUs: Ranged, ceilings: Ceilings): RooflinePoint {
  const bytes = cost.bytesRead + cost.bytesWritten;
  const cached = bytes <= ceilings.cacheBytes;
  const times: readonly (readonly [Limit, number])[] = [
    ['compute', cost.flops / ceilings.flops],
    [cached ? 'cache' : 'memory', bytes / (cached ? ceilings.cache : ceilings.memory)],
    ['launch', ceilings.launch],
  ];
  const [limit, seconds] = times.reduce((longest, entry) => (entry[1] > longest[1] ? entry : longest));
  const leastUs = seconds * 1e6;
  return {
    flopsPerSecond: cost.flops / (timeUs.value / 1e6),
    bytesPerSecond: bytes / (timeUs.value / 1e6),
    intensity: cost.flops / bytes,
    limit,
    leastUs,
    share: { value: leastUs / timeUs.value, low: leastUs / timeUs.high, high: leastUs / timeUs.low },
  };
}

/** The intensity at which arithmetic begins to bind rather than memory, in FLOP/byte. */
export function ridge(ceilings: Ceilings, cached = false): number {
  return ceilings.flops / (cached ? ceilings.cache : ceilings.memory);
}
