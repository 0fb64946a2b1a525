// Tables and bars of text.

import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { Colours, Screen } from './screen';

/** A column: its heading, and the side that its cells keep to. */
export interface Column {
  readonly head: string;
  /** Left unless told. */
  readonly align?: 'left' | 'right';
}

/** Where a table's lines start. */
export const INDENT = '  ';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

/** Prints rows under dimmed headings; on a terminal too narrow for them, each row as a paragraph of its headings and cells. */
export function printTable(screen: Screen, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [], compact: true },
    colAligns: columns.map(({ align = 'left' }) => align),
  });
  table.push(
    columns.map(({ head }) => screen.colours.dim(head)),
    ...rows.map((row) => [...row]),
  );
  const lines = table
    .toString()
    .split('\n')
    .map((line) => INDENT + line.trimEnd());
  // A pipe has no right edge.
  const fits = !screen.stream.isTTY || lines.every((line) => columnsOf(line) <= screen.width);
  if (fits) for (const line of lines) screen.print(line);
  else for (const row of rows) printRow(screen, columns, row);
}

/** A row as a paragraph: the first cell, then the others, each after its heading. */
function printRow(screen: Screen, columns: readonly Column[], row: readonly string[]): void {
  const parts = columns.flatMap(({ head }, i) => {
    const cell = row[i] ?? '';
    if (cell === '') return [];
    return [i === 0 || head === '' ? cell : `${screen.colours.dim(head)} ${cell}`];
  });
  const lines = wrap(parts, ', ', screen.width - 2 * INDENT.length);
  for (const [i, line] of lines.entries()) screen.print(INDENT + (i === 0 ? '' : INDENT) + line);
}

/** Columns that text takes on a terminal: its characters, without the escape sequences of colours. */
function columnsOf(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** A narrower column of values stands below the names. */
const LEAST_VALUE = 24;

/** Prints names in a dimmed column, values beside them, broken at words into lines that fit the screen. */
export function printFacts(screen: Screen, facts: readonly (readonly [name: string, value: string])[]): void {
  const longest = Math.max(...facts.map(([name]) => name.length));
  const isBeside = screen.width - longest - 2 * INDENT.length >= LEAST_VALUE;
  const width = isBeside ? longest : INDENT.length;
  for (const [name, value] of facts) {
    if (!isBeside && name) printText(screen, name, screen.colours.dim);
    for (const [i, line] of wrap(value.split(' '), ' ', screen.width - width - 2 * INDENT.length).entries()) {
      const beside = isBeside && i === 0 ? name : '';
      screen.print(`${INDENT}${screen.colours.dim(beside.padEnd(width))}  ${line}`.trimEnd());
    }
  }
}

/** A bold line with a dimmed note, which stands below where there is no room beside. */
export function printHeading(screen: Screen, text: string, note = ''): void {
  const fits = !screen.stream.isTTY || text.length + 1 + note.length < screen.width;
  screen.print(`${screen.colours.bold(text)}${note && fits ? ` ${screen.colours.dim(note)}` : ''}`);
  if (!fits) printText(screen, note, screen.colours.dim);
}

/** Prints a paragraph, broken into lines that fit the screen; `style` is applied to each line. */
export function printText(screen: Screen, text: string, style: (line: string) => string = String): void {
  for (const line of wrap(text.split(' '), ' ', screen.width - INDENT.length - 1)) screen.print(INDENT + style(line));
}

/** Words on as few lines as they fit. */
export function wrap(words: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + separator.length + columnsOf(word) < width) {
      lines[lines.length - 1] = last + separator + word;
    } else {
      if (last !== undefined) lines[lines.length - 1] = last + separator.trimEnd();
      lines.push(word);
    }
  }
  return lines;
}

/** Blocks of eighths. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of at most `width` columns for a fraction from 0 to 1, to an eighth of a column. */
export function bar(fraction: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/** A tick or a cross. */
export function mark(colours: Colours, good: boolean): string {
  return good ? colours.green('✓') : colours.red('✗');
}
