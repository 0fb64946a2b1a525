// Ceilings that an operation exceeded: what was seen is possible, so the ceiling was measured too low, as in a busy minute.

import { formatMicroseconds, formatPerSecond } from '../base/units';
import type { Ceilings } from './ceilings';
import type { CeilingName } from './ceilings-probes';
import { rangeOf } from './estimate';
import type { Recording } from './recording';
import { allowances } from './roofline';

/** A ceiling that was raised to what an operation reached. */
export interface Lift {
  readonly ceiling: CeilingName;
  /** The operation that went farthest beyond. */
  readonly operation: string;
  /** As measured, and as reached, in the ceiling's unit. */
  readonly from: number;
  readonly to: number;
}

/** Ceilings that no operation of the recording exceeds, and which of them had to be lifted for that. */
export interface LiftedCeilings {
  readonly ceilings: Ceilings;
  readonly lifts: readonly Lift[];
}

/**
 * Lifts each ceiling that an operation exceeds, by its whole interval and by the ceiling's whole spread, to the mean that was reached.
 *
 * @returns undefined without ceilings
 */
export function liftedCeilings({ operations, ceilings }: Recording): LiftedCeilings | undefined {
  if (!ceilings) return undefined;
  const lifts = new Map<CeilingName, Lift>();
  let lifted = ceilings;
  for (const { label, cost, estimate } of operations) {
    const range = estimate.kind === 'measured' ? rangeOf(estimate) : undefined;
    if (!range) continue;
    for (const { ceiling, amount, seconds } of allowances(cost, lifted)) {
      if (seconds.low * 1e6 <= range.high) continue;
      const reached = (us: number): number => (ceiling === 'launch' ? us / 1e6 : amount / (us / 1e6));
      const ends = [reached(range.low), reached(range.high)];
      const to = reached(range.value);
      lifts.set(ceiling, { ceiling, operation: label, from: ceilings[ceiling], to });
      lifted = withCeiling(lifted, ceiling, to, Math.min(...ends), Math.max(...ends));
    }
  }
  return { ceilings: lifted, lifts: [...lifts.values()] };
}

function withCeiling(ceilings: Ceilings, name: CeilingName, value: number, low: number, high: number): Ceilings {
  const { flops, memory, cache, launch, spread } = ceilings;
  const plain = (bound: number) => ({ low: bound, high: bound });
  const known = spread ?? { flops: plain(flops), memory: plain(memory), cache: plain(cache), launch: plain(launch) };
  return { ...ceilings, [name]: value, spread: { ...known, [name]: { low, high } } };
}

const WHAT: Readonly<Record<CeilingName, string>> = {
  flops: 'FLOP/s',
  memory: 'B/s from memory',
  cache: 'B/s from cache',
  launch: 'a dispatch',
};

/** A lift as a sentence. */
export function describeLift({ ceiling, operation, from, to }: Lift): string {
  const text = (value: number) =>
    ceiling === 'launch' ? `${formatMicroseconds(1e6 * value)} ${WHAT.launch}` : formatPerSecond(value, WHAT[ceiling]);
  const times = (ceiling === 'launch' ? from / to : to / from).toFixed(1);
  return (
    `The ceiling of ${text(from)} was measured too low: ${operation} reached ${text(to)}, ${times} times as much, ` +
    'and is held against that here. Measure the ceilings again.'
  );
}
