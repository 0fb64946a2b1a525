// The profiling tax: what it costs a step to have a pass for every operation.

import { type Estimate, type Ranged, rangeOf, ratioOf } from './estimate';

/**
 * The profiled step's time over the production step's, or undefined where one of them is not measured well enough.
 *
 * 1.3 says that the passes of a profiled step take 30% more than the step as it trains.
 */
export function profilingTax(profiled: Estimate, production: Estimate): Ranged | undefined {
  if (profiled.kind !== 'measured' || production.kind !== 'measured') {
    return undefined;
  }
  // One sample tells nothing of how much it varies, and so nothing of a ratio.
  if (profiled.samples < 2 || production.samples < 2) return undefined;
  const [a, b] = [rangeOf(profiled), rangeOf(production)];
  const tax = a && b && ratioOf(a, b);
  return tax && Number.isFinite(tax.high) ? tax : undefined;
}

/**
 * An operation's time as part of the production step: its profiled time over the tax.
 *
 * It takes the tax to fall on all operations in proportion, which is only roughly so: short ones pay more. Hence it stands beside the profiled
 * time, never in its place. The interval holds the tax's own.
 */
export function inProduction(profiled: Estimate, tax: Ranged): Ranged | undefined {
  const range = rangeOf(profiled);
  if (!range) {
    return undefined;
  }
  if (profiled.kind === 'below') {
    return { value: range.value / tax.value, low: 0, high: range.high / tax.low };
  }
  return ratioOf(range, tax);
}
