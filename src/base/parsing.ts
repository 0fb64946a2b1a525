// Text that a person typed, to checked numbers and words: options of the command line, fields of the page.
//
// Each parser is made for one option or field, whose name starts its error's sentence. Numbers are checked as the float32
// that the GPU will see: 1e-60 is 0 there, and 0.99999999999 is 1.

import { nearestWord } from './did-you-mean';
import { UnderglassError } from './errors';

/** Turns an option's text into its value. @throws UnderglassError `usage` */
export type Parser<T> = (text: string) => T;

/** The interval that a number must lie in. */
export interface Interval {
  readonly min: number;
  /** No limit unless told. */
  readonly max?: number;
  /** Whether `min` itself is too small. */
  readonly above?: boolean;
  /** Whether `max` itself is too large. */
  readonly below?: boolean;
}

/** A whole number; `1e3` is one too. */
export function wholeNumber(option: string, min: number, max?: number): Parser<number> {
  const expected = `a whole number ${max === undefined ? `of at least ${min}` : `from ${min} to ${max}`}`;
  return (text) => {
    const value = parseNumber(text);
    if (Number.isSafeInteger(value) && value >= min && value <= (max ?? value)) return value;
    throw refuse(option, text, expected);
  };
}

/** A number in an interval. */
export function number(option: string, interval: Interval, example: number): Parser<number> {
  const { min, max, above = false, below = false } = interval;
  const from = above ? `above ${min}` : max === undefined ? `of at least ${min}` : `from ${min}`;
  const expected = `a number ${from}${max === undefined ? '' : ` to ${below ? 'below ' : ''}${max}`}, such as ${example}`;
  return (text) => {
    const value = parseNumber(text);
    const single = Math.fround(value);
    if (contains(interval, single)) return value;
    const isTooLarge = contains(interval, value) && !Number.isFinite(single);
    const limit = isTooLarge && max === undefined ? expected.replace(', such', ' and below 3.4e38, such') : expected;
    throw refuse(option, text, limit, contains(interval, value) ? `, ${single} in the GPU's float32` : '');
  };
}

/** Whether a finite number lies in the interval. */
export function contains({ min, max, above = false, below = false }: Interval, value: number): boolean {
  return (
    Number.isFinite(value) &&
    (above ? value > min : value >= min) &&
    (max === undefined || (below ? value < max : value <= max))
  );
}

/** One of a few words. */
export function choice<T extends string>(option: string, words: readonly T[]): Parser<T> {
  return (text) => {
    const found = words.find((word) => word === text.trim());
    if (found !== undefined) return found;
    throw refuseWord(option, text, text, words);
  };
}

/** What an error repeats of a wrong value. */
const SHOWN = /^.{0,40}/u;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Decimal notation only: `Number()` would take '' and '0x10' too. NaN for anything else. */
export function parseNumber(text: string): number {
  // Minus zero is a seed that NumPy does not know, and a number that reads as another.
  return NUMBER.test(text.trim()) ? Number(text) + 0 : Number.NaN;
}

/** The error for text that is not what the option takes; `detail` says why, where that is not plain. */
export function refuse(option: string, text: string, expected: string, detail = ''): UnderglassError {
  return new UnderglassError('usage', `${option} is ${quote(text)}${detail}; use ${expected}.`);
}

/** The error for text with a word that is not offered: what it may have meant, else all there is. */
export function refuseWord(option: string, text: string, word: string, words: readonly string[]): UnderglassError {
  const nearest = nearestWord(word, words);
  const detail = word === text ? '' : `, where ${quote(word)} is unknown`;
  if (nearest !== undefined) {
    return new UnderglassError('usage', `${option} is ${quote(text)}${detail}; did you mean ${nearest}?`);
  }
  return refuse(option, text, words.length === 1 ? `${words[0]}, the only one there is` : anyOf(words), detail);
}

/** `sgd, adam or rmsprop`. */
export function anyOf(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A text in quotation marks, shortened and without control characters: it may be anybody's. */
export function quote(text: string): string {
  const plain = text.replace(/\p{C}+/gu, ' ');
  const shown = SHOWN.exec(plain)?.[0] ?? '';
  return `"${shown}${shown.length < plain.length ? '…' : ''}"`;
}
