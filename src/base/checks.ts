// Checks of what a caller gives, shared by every function that takes plain data: a caller without types may give anything.

import { didYouMean } from './did-you-mean';
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
export function requireWhole(what: string, value: unknown, limits: WholeLimits = {}): number {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, code = 'usage', remedy } = limits;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new UnderglassError(
      code,
      `${what} is ${shown(value)}, not a whole number ${range}${remedy ? `; ${remedy}` : ''}.`,
    );
  }
  return value;
}

/** `value` as a sentence shows it: text in quotes, an object by its kind. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

/**
 * Checks that `given` is an object, and that it has no other options than `known`.
 *
 * @param what takes them, as an error names it: `Trainer.create`
 * @param known the options by name; a record over a type's keys cannot miss any
 * @throws UnderglassError 'usage' that names the first unknown one, and the one that was probably meant
 */
export function requireOptions(what: string, given: unknown, known: Readonly<Record<string, true>>): void {
  const names = Object.keys(known);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UnderglassError(
      'usage',
      `${what} takes an object of options, not ${shown(given)}; its options are ${names.join(', ')}.`,
    );
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) {
      throw new UnderglassError('usage', `${what} has no option '${name}'${didYouMean(name, names)}`);
    }
  }
}

/**
 * `value` itself, if it is one of these words.
 *
 * @throws UnderglassError 'usage' otherwise
 */
export function requireWord<Word extends string>(what: string, value: unknown, words: readonly Word[]): Word {
  const word = words.find((each) => each === value);
  if (word !== undefined) return word;
  const remedy = typeof value === 'string' ? didYouMean(value, words) : `; use ${words.join(', ')}.`;
  throw new UnderglassError('usage', `${what} is ${shown(value)}${remedy}`);
}

/**
 * `value` itself, if it is a number of at least `min` that float32 can hold.
 *
 * @throws UnderglassError 'usage' otherwise
 */
export function requireNumber(what: string, value: unknown, min: number): number {
  if (typeof value === 'number' && Number.isFinite(Math.fround(value)) && value >= min) return value;
  throw new UnderglassError(
    'usage',
    `${what} is ${shown(value)}; use a number of at least ${min} that float32 can hold.`,
  );
}
