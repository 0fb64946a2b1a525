// Two recordings side by side, in a table: which operation is faster, by how much, and whether that is more than noise.

import { formatMicroseconds } from '../base/units';
import { compare, type ComparedWork, type Ranged, type Recording } from '../index';
import type { Screen } from './screen';
import { type Column, printHeading, printTable, printText } from './tables';

const NOTHING = '–';

/** Prints what changed from a recording that was loaded to the one just made. */
export function printComparison(screen: Screen, before: Recording, after: Recording, name: string): void {
  const { colours } = screen;
  const comparison = compare(before, after);
  screen.print();
  printHeading(screen, `Compared with ${name}`);
  screen.print();
  const columns: Column[] = [
    { head: comparison.by },
    ...['before', 'now', 'difference', 'times as fast'].map((head): Column => ({ head, align: 'right' })),
    { head: '' },
  ];
  const verdicts: Readonly<Record<ComparedWork['verdict'], string>> = {
    faster: colours.green('faster'),
    slower: colours.red('slower'),
    noise: colours.dim('noise'),
    unknown: colours.dim('not measured'),
  };
  const rows = [...comparison.rows, comparison.profiledStep, comparison.productionStep].map((work) => [
    work.label,
    microseconds(work.beforeUs),
    microseconds(work.afterUs),
    work.differenceUs ? signed(work.differenceUs) : NOTHING,
    work.speedup && Number.isFinite(work.speedup.value) ? work.speedup.value.toFixed(2) : NOTHING,
    verdicts[work.verdict],
  ]);
  printTable(screen, columns, rows);
  const notes = [
    ...(comparison.by === 'work' ? ['The programs differ, so operations are added up by the work that they do.'] : []),
    'Noise: the 95% interval of the difference holds zero.',
    ...differences(before, after),
  ];
  for (const note of notes) printText(screen, note, colours.dim);
}

/** What else differs, in sentences: the adapter, and the options. */
function differences(before: Recording, after: Recording): string[] {
  const adapter = ({ device }: Recording) => [device.vendor, device.architecture, device.description].join(' ');
  const names = [...new Set([...Object.keys(before.config), ...Object.keys(after.config)])];
  const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
  const changed = names.filter((name) => shown(before.config[name]) !== shown(after.config[name]));
  return [
    ...(adapter(before) === adapter(after) ? [] : [`Before: ${adapter(before)}; now: ${adapter(after)}.`]),
    ...(changed.length === 0
      ? []
      : [
          `Options: ${changed.map((name) => `${name} ${shown(before.config[name])} → ${shown(after.config[name])}`).join(', ')}.`,
        ]),
  ];
}

function microseconds(range: Ranged | undefined): string {
  return range ? formatMicroseconds(range.value) : NOTHING;
}

function signed({ value, low, high }: Ranged): string {
  const half = Math.max(value - low, high - value);
  return `${value > 0 ? '+' : ''}${formatMicroseconds(value)} ± ${formatMicroseconds(half)}`;
}
