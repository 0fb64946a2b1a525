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

/** Prints rows under dimmed headings. */
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

/** A bold line with a dimmed note. */
export function printHeading(screen: Screen, text: string, note = ''): void {
  screen.print(`${screen.colours.bold(text)}${note && ` ${screen.colours.dim(note)}`}`);
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
    if (last !== undefined && last.length + separator.length + word.length < width) {
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
