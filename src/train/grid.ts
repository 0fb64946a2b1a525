// The lists of a sweep, and the grid that they span: what a person typed to checked values.
//
// A list has parts with commas between. Of no list may two values be equal: their networks would be the same one.

import { UnderglassError } from '../base/errors';
import { contains, type Interval, parseNumber, type Parser, refuse } from '../base/parsing';
import { formatCount } from '../base/units';
import type { Dataset } from '../data/dataset';
import type { Activation } from '../nn/activations';
import { denseNetwork, type Network } from '../nn/network';
import { optimiser } from '../nn/optimiser';
import type { Configuration } from './sweep';

/** The most networks that a sweep trains. */
export const MOST_NETWORKS = 10_000;

/** Numbers and ranges of them: `0.1,0.2`, `linspace:0:1:5`, `logspace:-2:2:10`, or `0,logspace:-2:2:10`. */
export function numberList(option: string, interval: Interval, example: string): Parser<number[]> {
  const { min, max, above, below } = interval;
  const from = above ? `above ${min}` : `from ${min}`;
  const to = max === undefined ? '' : ` to ${below ? 'below ' : ''}${max}`;
  const expected = `numbers ${from}${to} with commas between, linspace:from:to:count, or logspace, such as ${example}`;
  return (text) => {
    const parts = text.split(',').map((part) => {
      const range = parseRange(part);
      if (!range) return { count: 1, values: () => [parseNumber(part)] };
      const { from: first, to: last, count, scale } = range;
      if (!(Number.isFinite(first) && Number.isFinite(last) && Number.isSafeInteger(count) && count >= 1)) {
        throw refuse(option, text, expected);
      }
      if (first > last) throw refuse(option, text, expected, ', a range that runs backwards');
      return { count, values: () => (scale === 'linspace' ? linspace : logspace)(first, last, count) };
    });
    requireFew(option, parts);
    const values = parts.flatMap((part) => part.values());
    for (const value of values) {
      const single = Math.fround(value);
      if (contains(interval, single)) continue;
      const detail = contains(interval, value)
        ? `, and ${value} is ${single} in the GPU's float32`
        : values.length > 1 && !Number.isNaN(value)
          ? `, which holds ${value}`
          : '';
      throw refuse(option, text, expected, detail);
    }
    requireDistinct(option, text, values, Math.fround);
    return values;
  };
}

/** The widths of the hidden layers: `48,32`; `none` or nothing makes a network without any. */
export function layerWidths(option: string): Parser<number[]> {
  return (text) => {
    if (text.trim() === '' || text.trim() === 'none') return [];
    return text.split(',').map((width) => {
      const value = parseNumber(width);
      if (Number.isSafeInteger(value) && value >= 1) return value;
      throw refuse(option, text, 'whole numbers of at least 1 with commas between, such as 48,32, or none');
    });
  };
}

/** Alternatives of hidden layers: `48,32|64|none`. */
export function layersList(option: string): Parser<number[][]> {
  const expected = 'whole numbers of at least 1, or none, with | between the networks, such as "48,32|64|none"';
  return (text) => {
    const alternatives = text.split('|');
    requireFew(
      option,
      alternatives.map(() => ({ count: 1 })),
    );
    const all = alternatives.map((part) => {
      if (part.trim() === '') throw refuse(option, text, expected);
      try {
        return layerWidths(option)(part);
      } catch (error) {
        throw error instanceof UnderglassError ? refuse(option, text, expected) : error;
      }
    });
    requireDistinct(option, text, all, widthsText);
    return all;
  };
}

/** Whole numbers and ranges of them: `0..4`, `0,3,7`, or `0..4,9`. */
export function seedList(option: string, max: number): Parser<number[]> {
  const expected = `whole numbers from 0 to ${max}, such as 0..4 or 0,3,7`;
  const isSeed = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= max;
  return (text) => {
    const parts = text.split(',').map((part) => {
      const ends = part.split('..').map(parseNumber);
      const [from = Number.NaN, to = from] = ends;
      if (ends.length > 2 || !isSeed(from) || !isSeed(to)) throw refuse(option, text, expected);
      if (from > to) throw refuse(option, text, expected, ', a range that runs backwards');
      return { from, count: to - from + 1 };
    });
    requireFew(option, parts);
    const seeds = parts.flatMap(({ from, count }) => Array.from({ length: count }, (_, i) => from + i));
    requireDistinct(option, text, seeds, Number);
    return seeds;
  };
}

/** What spans a grid. */
export interface Grid {
  /** Widths of the hidden layers, of each alternative. */
  readonly layers: readonly (readonly number[])[];
  readonly output: Activation;
  readonly l2: readonly number[];
  readonly lr: readonly number[];
  readonly momentum: readonly number[];
  readonly seeds: readonly number[];
}

/**
 * How many networks a grid has.
 *
 * @param prefix what stands before an axis's name where the person meets it: `--` on the command line
 * @throws UnderglassError `usage` if those are too many to train
 */
export function countNetworks({ layers, l2, lr, momentum, seeds }: Grid, prefix = ''): number {
  const axes = [
    ['layers', layers],
    ['l2', l2],
    ['lr', lr],
    ['momentum', momentum],
    ['seeds', seeds],
  ] as const;
  const count = axes.reduce((product, [, values]) => product * values.length, 1);
  if (count <= MOST_NETWORKS) return count;
  const factors = axes
    .filter(([, values]) => values.length > 1)
    .map(([name, values]) => `${formatCount(values.length)} of ${prefix}${name}`);
  throw new UnderglassError(
    'usage',
    `The grid has ${formatCount(count)} networks (${factors.join(' x ')}), but a sweep trains at most ` +
      `${formatCount(MOST_NETWORKS)}; use fewer values.`,
  );
}

/** Hidden layers of those widths between the data's columns and its classes. */
export function networkFor(data: Dataset, layers: readonly number[], output: Activation): Network {
  return denseNetwork([data.columns, ...layers, data.classes], { output });
}

/** Every network of a grid for that data; the seed varies fastest, then λ. @throws as {@link countNetworks} */
export function gridConfigurations(grid: Grid, data: Dataset, prefix = ''): Configuration[] {
  countNetworks(grid, prefix);
  return grid.layers
    .map((layers) => networkFor(data, layers, grid.output))
    .flatMap((network) =>
      grid.lr.flatMap((learningRate) =>
        grid.momentum.flatMap((momentum) =>
          grid.l2.flatMap((l2) => {
            const shared = { network, optimiser: optimiser({ learningRate, momentum, l2 }) };
            return grid.seeds.map((seed) => ({ ...shared, seed }));
          }),
        ),
      ),
    );
}

/** Hidden layers as they are typed. */
export function widthsText(widths: readonly number[]): string {
  return widths.join() || 'none';
}

/** `count` numbers, evenly spread, both ends included; NumPy's rule. */
export function linspace(from: number, to: number, count: number): number[] {
  const step = (to - from) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === 0 ? from : i === count - 1 ? to : i * step + from));
}

/** Powers of ten whose exponents are a {@link linspace}. */
export function logspace(from: number, to: number, count: number): number[] {
  return linspace(from, to, count).map((exponent) => 10 ** exponent);
}

interface Range {
  readonly scale: 'linspace' | 'logspace';
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Undefined for what does not start as a range. */
function parseRange(part: string): Range | undefined {
  const [scale, ...numbers] = part.trim().split(':');
  if (scale !== 'linspace' && scale !== 'logspace') return undefined;
  const [from = Number.NaN, to = Number.NaN, count = Number.NaN] = numbers.map(parseNumber);
  return { scale, from, to, count: numbers.length === 3 ? count : Number.NaN };
}

/** Counts before anything of that size is made. */
function requireFew(option: string, parts: readonly { readonly count: number }[]): void {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  if (count <= MOST_NETWORKS) return;
  throw new UnderglassError(
    'usage',
    `${option} has ${formatCount(count)} values, but a sweep trains at most ${formatCount(MOST_NETWORKS)} networks; ` +
      'use fewer values.',
  );
}

function requireDistinct<T>(
  option: string,
  text: string,
  values: readonly T[],
  key: (value: T) => string | number,
): void {
  const seen = new Set<string | number>();
  for (const value of values) {
    const name = key(value);
    if (seen.has(name)) {
      const shown = Array.isArray(value) ? widthsText(value) : String(value);
      throw refuse(option, text, 'each value once', `, which has ${shown} twice`);
    }
    seen.add(name);
  }
}
