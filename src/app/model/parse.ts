// Parsers of what people and links write: a value, or one short sentence about what is wrong with the text.

import { formatCount } from '../../base/units';

/** What became of a text. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

/** What a sentence repeats of a wrong text. */
const SHOWN = /^.{0,20}/u;

/** Decimal notation only: `Number()` would take '' and '0x10' too. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Where a number must lie. Each end is either part of it (`from`, `to`) or not (`above`, `below`). */
export interface Interval {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
}

/** A number in an interval, judged as the float32 that the GPU will see: 1e-60 is 0 there. */
export function real(interval: Interval): (text: string) => Parsed<number> {
  return (text) => {
    const value = parseNumber(text);
    if (Number.isNaN(value)) {
      return problem(`${quote(text)} is no number; use ${words(interval)}.`);
    }
    if (contains(interval, Math.fround(value))) {
      return { value };
    }
    const rounded = contains(interval, value) ? `, in float32 ${Math.fround(value)},` : '';
    return problem(`${quote(text)}${rounded} is out of range; use ${words(interval)}.`);
  };
}

/** A whole number from `from` to `to`; `1e3` is one too. */
export function wholeNumber(from: number, to: number): (text: string) => Parsed<number> {
  const range = `${formatCount(from)} to ${formatCount(to)}`;
  return (text) => {
    const value = parseNumber(text);
    if (Number.isSafeInteger(value) && value >= from && value <= to) {
      // Minus zero is a seed that NumPy does not know.
      return { value: value === 0 ? 0 : value };
    }
    return problem(
      Number.isNaN(value) || !Number.isInteger(value)
        ? `${quote(text)} is no whole number; use ${range}.`
        : `${quote(text)} is out of range; use ${range}.`,
    );
  };
}

/** One of a few words. */
export function choice<T extends string>(allowed: readonly T[]): (text: string) => Parsed<T> {
  return (text) => {
    const value = allowed.find((word) => word === text.trim());
    return value === undefined ? problem(`${quote(text)} is not offered; use ${allowed.join(' or ')}.`) : { value };
  };
}

export function problem(text: string): { readonly problem: string } {
  return { problem: text };
}

/** A text in quotation marks, shortened and without control characters. */
export function quote(text: string): string {
  const plain = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  const shown = SHOWN.exec(plain)?.[0] ?? '';
  return plain === '' ? 'Nothing' : `“${shown}${shown.length < plain.length ? '…' : ''}”`;
}

function parseNumber(text: string): number {
  return NUMBER.test(text.trim()) ? Number(text) : Number.NaN;
}

function contains({ from, above, to, below }: Interval, value: number): boolean {
  return (
    Number.isFinite(value) &&
    (from === undefined || value >= from) &&
    (above === undefined || value > above) &&
    (to === undefined || value <= to) &&
    (below === undefined || value < below)
  );
}

function words({ from, above, to, below }: Interval): string {
  const lower = above === undefined ? `${from ?? 'any'}` : `above ${above}`;
  return below === undefined ? `${lower} to ${formatCount(to ?? Number.NaN)}` : `${lower} to below ${below}`;
}
