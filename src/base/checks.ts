// Checks of single numbers, shared by every constructor of plain data.

import { type ErrorCode, UnderglassError } from './errors';

/** What {@link requireWhole} asks of a number. */
export interface WholeLimits {
  /** Smallest allowed value; 0 unless told. */
  readonly min?: number;
  /** Largest allowed value; 2^53 - 1 unless told. */
  readonly max?: number;
  /** The code of the error; 'usage' unless told. */
  readonly code?: ErrorCode;
  /** What to do about it, as the end of the sentence: `use ...`. */
  readonly remedy?: string;
}

/**
 * `value` itself, if it is a whole number within the limits.
 *
 * @param what the subject of the error's sentence, such as `seed` or `layer size 2`
 * @throws UnderglassError with `limits.code` otherwise
 */
export function requireWhole(what: string, value: number, limits: WholeLimits = {}): number {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, code = 'usage', remedy } = limits;
  if (!Number.isInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new UnderglassError(code, `${what} is ${value}, not a whole number ${range}${remedy ? `; ${remedy}` : ''}.`);
  }
  return value;
}
