// Tables and bars of text.

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

/** Prints rows under dimmed headings; a row of `undefined` is a line across. */
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
  for (const line of table.toString().split('\n')) screen.print(INDENT + line.trimEnd());
}

/** Prints names in a dimmed column, values beside them. */
export function printFacts(screen: Screen, facts: readonly (readonly [name: string, value: string])[]): void {
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts) {
    screen.print(`${INDENT}${screen.colours.dim(name.padEnd(width))}  ${value}`.trimEnd());
  }
}

/** A heading with an empty line before it. */
export function printHeading(screen: Screen, text: string, note = ''): void {
  screen.print();
  screen.print(`${screen.colours.bold(text)}${note && ` ${screen.colours.dim(note)}`}`);
}

/** A sentence, broken into lines that fit the screen. */
export function printNote(screen: Screen, text: string): void {
  let line = '';
  for (const word of text.split(' ')) {
    if (line && INDENT.length + line.length + 1 + word.length >= screen.width) {
      screen.print(INDENT + screen.colours.dim(line));
      line = '';
    }
    line += line ? ` ${word}` : word;
  }
  screen.print(INDENT + screen.colours.dim(line));
}

/** Blocks of eighths. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of at most `width` columns for a fraction from 0 to 1, to an eighth of a column. */
export function bar(fraction: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] as string);
}

/** A tick or a cross. */
export function mark(colours: Colours, good: boolean): string {
  return good ? colours.green('✓') : colours.red('✗');
}
