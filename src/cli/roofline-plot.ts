// The roofline as text: arithmetic against intensity, both logarithmic, under the roofs of memory, cache and arithmetic.

import { formatPerSecond } from '../base/units';
import type { Ceilings, RooflinePoint } from '../index';
import type { Screen } from './screen';
import { INDENT } from './tables';

/** An operation with the letter that stands for it. */
export interface PlottedOperation {
  readonly label: string;
  readonly mark: string;
  readonly point: RooflinePoint;
}

const MOST_COLUMNS = 100;
const ROWS = 18;
/** Of the numbers at the left. */
const MARGIN = 14;

/** Powers of two that are always shown along the intensity: FLOP a byte. */
const LEAST_INTENSITY = -3;
const MOST_INTENSITY = 6;

/** A decade and a half of room below the ridge. */
const ROOM_BELOW = 30;

/** The lines of the plot. */
export function plotRoofline(
  { width, colours }: Pick<Screen, 'width' | 'colours'>,
  ceilings: Ceilings,
  operations: readonly PlottedOperation[],
): string[] {
  const columns = Math.min(MOST_COLUMNS, width - INDENT.length - MARGIN - 3);
  const shown = operations.filter(({ point }) => point.intensity > 0 && Number.isFinite(point.intensity));
  const exponents = shown.map(({ point }) => Math.log2(point.intensity));
  const left = Math.floor(Math.min(LEAST_INTENSITY, ...exponents));
  const right = Math.ceil(Math.max(MOST_INTENSITY, Math.log2(ceilings.flops / ceilings.memory) + 2, ...exponents));
  const top = Math.log10(1.5 * ceilings.flops);
  const lowest = Math.min(ceilings.flops / ROOM_BELOW, ...shown.map(({ point }) => 0.8 * point.flopsPerSecond));
  const bottom = Math.log10(lowest);
  const cells = Array.from({ length: ROWS }, () => Array.from({ length: columns }, () => ' '));
  const rowOf = (flops: number) => Math.round(((top - Math.log10(flops)) / (top - bottom)) * (ROWS - 1));
  const columnOf = (exponent: number) => Math.round(((exponent - left) / (right - left)) * (columns - 1));
  const put = (column: number, row: number, text: string) => {
    if (cells[row]?.[column] !== undefined) cells[row][column] = text;
  };
  for (let column = 0; column < columns; column++) {
    const intensity = 2 ** (left + (column / (columns - 1)) * (right - left));
    const roof = (bandwidth: number) => Math.min(ceilings.flops, bandwidth * intensity);
    // Memory's roof last: where two share a cell, it is the one that is always there.
    if (roof(ceilings.cache) < ceilings.flops) put(column, rowOf(roof(ceilings.cache)), colours.dim('·'));
    const slopes = roof(ceilings.memory) < ceilings.flops;
    put(column, rowOf(roof(ceilings.memory)), slopes ? '╱' : '─');
  }
  for (const { mark, point } of shown) {
    const [column, row] = [columnOf(Math.log2(point.intensity)), rowOf(point.flopsPerSecond)];
    // Two operations in one place: the second stands beside the first.
    const free = [0, 1, -1, 2, -2].find((step) => /^[ ·╱─]$/u.test(plain(cells[row]?.[column + step] ?? 'x')));
    put(column + (free ?? 0), row, colours.cyan(colours.bold(mark)));
  }
  const labels = new Map(
    [0, 1, 2, 3]
      .map((i) => Math.round((i * (ROWS - 1)) / 3))
      .map((row) => [row, 10 ** (top - (row / (ROWS - 1)) * (top - bottom))]),
  );
  const lines = cells.map((row, i) => {
    const flops = labels.get(i);
    const text = flops === undefined ? '' : formatPerSecond(flops, 'FLOP/s');
    return `${colours.dim(`${text.padStart(MARGIN)} ${flops === undefined ? '│' : '┤'}`)}${row.join('').trimEnd()}`;
  });
  return [
    ...lines,
    ...axis(columns, left, right, columnOf).map((line) => colours.dim(`${' '.repeat(MARGIN + 1)}${line}`)),
    ...legend(ceilings).map((line) => colours.dim(`${' '.repeat(MARGIN + 2)}${line}`)),
  ];
}

/** A cell without its colours. */
function plain(cell: string): string {
  // oxlint-disable-next-line no-control-regex -- the escape sequences of colours
  return cell.replaceAll(/\u001B\[[\d;]*m/g, '');
}

/** The line below with its ticks, and their numbers. */
function axis(columns: number, left: number, right: number, columnOf: (exponent: number) => number): string[] {
  const line = Array.from({ length: columns }, () => '─');
  const numbers = Array.from({ length: columns + 6 }, () => ' ');
  for (let exponent = left; exponent <= right; exponent++) {
    const column = columnOf(exponent);
    const text = exponent < 0 ? `1/${2 ** -exponent}` : String(2 ** exponent);
    const start = Math.max(0, column - Math.floor(text.length / 2));
    // No number where there is no room for it.
    if (numbers.slice(Math.max(0, start - 1), start + text.length + 1).some((cell) => cell !== ' ')) continue;
    line[column] = '┴';
    for (const [i, character] of Array.from(text).entries()) numbers[start + i] = character;
  }
  return [`└${line.join('')}`, ` ${numbers.join('').trimEnd()}`];
}

function legend(ceilings: Ceilings): string[] {
  const cached = ceilings.cache > ceilings.memory;
  return ['FLOP for each byte of traffic', `╱ memory's limit   ─ arithmetic's${cached ? "   · the cache's" : ''}`];
}
