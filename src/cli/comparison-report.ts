// Two recordings side by side, in a table: which operation is faster, by how much, and whether that is more than noise.

import { formatMicroseconds } from '../base/units';
import { compare, type ComparedWork, type Ranged, type Recording, settingsChanged } from '../index';
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
    ...settingsChanged(before, after),
    ...(before.warnings ?? []).map((warning) => `Before: ${warning}`),
  ];
  for (const note of notes) printText(screen, note, colours.dim);
}

function microseconds(range: Ranged | undefined): string {
  return range ? formatMicroseconds(range.value) : NOTHING;
}

function signed({ value, low, high }: Ranged): string {
  const half = Math.max(value - low, high - value);
  return `${value > 0 ? '+' : ''}${formatMicroseconds(value)} ± ${formatMicroseconds(half)}`;
}
