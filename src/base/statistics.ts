// Summary statistics of a list of numbers, in the definitions that NumPy uses by default.
//
// An empty list is a mistake of the caller and throws; a NaN in the list makes every result NaN.

import { UnderglassError } from './errors';

/**
 * The arithmetic mean.
 *
 * @throws UnderglassError 'usage' for an empty list
 */
export function mean(values: ArrayLike<number>): number {
  requireSome('mean', values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * The middle value, or the mean of the two middle values.
 *
 * @throws UnderglassError 'usage' for an empty list
 */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * The `fraction` quantile, linear between the two nearest values (Hyndman and Fan's type 7).
 *
 * @param fraction from 0, the smallest value, to 1, the largest
 * @param sorted true if `values` already ascend, which saves a sort
 * @throws UnderglassError 'usage' for an empty list or a fraction outside [0, 1]
 */
export function quantile(values: ArrayLike<number>, fraction: number, sorted = false): number {
  requireSome('quantile', values);
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new UnderglassError('usage', `The quantile's fraction is ${fraction}, not a number from 0 to 1.`);
  }
  const ascending = sorted ? values : Float64Array.from(values).toSorted();
  const last = ascending.length - 1;
  if (Number.isNaN(ascending[last])) return Number.NaN; // a typed array's sort puts NaN last
  const position = fraction * last;
  const below = Math.floor(position);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, last)]!;
  return low === high ? low : low + (high - low) * (position - below);
}

/**
 * The sample standard deviation: divided by n - 1. One value alone has none: NaN.
 *
 * @throws UnderglassError 'usage' for an empty list
 */
export function standardDeviation(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

function requireSome(what: string, values: ArrayLike<number>): void {
  if (values.length === 0) {
    throw new UnderglassError('usage', `The ${what} of no values is undefined; give at least one value.`);
  }
}
