// A recording in words and tables: the clock, every operation, the tax, and where the wall-clock time went.

import { formatCount, formatMicroseconds, formatPercent, formatPerSecond } from '../base/units';
import {
  type Accounting,
  describeClock,
  describeEstimate,
  describeLift,
  describeShare,
  type Estimate,
  liftedCeilings,
  type OperationRow,
  operationRows,
  type Recording,
} from '../index';
import type { Screen } from './screen';
import { type Column, INDENT, printFacts, printHeading, printTable, printText } from './tables';

/** Below, times and shares stand in two tables. */
const WIDE = 136;

const NOTHING = '–';

/** Prints all of it. */
export function printRecording(screen: Screen, recording: Recording): void {
  screen.print();
  printHeading(screen, 'GPU time of one training step, operation by operation');
  screen.print();
  printTables(screen, recording);
  printNotes(screen, recording);
  screen.print();
  printSteps(screen, recording);
  if (recording.accounting) printAccounting(screen, recording.accounting);
}

/** A column and what it says of an operation. */
type Cell = readonly [column: Column, text: (row: OperationRow) => string];

const right = (head: string): Column => ({ head, align: 'right' });

const OPERATION: Cell = [{ head: 'operation' }, ({ operation }) => operation.label];

const TIMES: readonly Cell[] = [
  [right('mean ± 95%'), ({ operation }) => briefly(operation.estimate)],
  [right('median'), ({ operation }) => quantileOf(operation.estimate, 'medianUs')],
  [right('p95'), ({ operation }) => quantileOf(operation.estimate, 'p95Us')],
  [right('n'), ({ operation }) => formatCount(operation.estimate.samples)],
  [right('left out'), ({ operation }) => formatCount(discarded(operation.estimate))],
];

const SHARES: readonly Cell[] = [
  [right('in training'), ({ inTraining }) => (inTraining ? formatMicroseconds(inTraining.value) : NOTHING)],
  [right('share'), ({ share }) => (share === undefined ? NOTHING : `${(100 * share).toFixed(1)}%`)],
  [right('FLOP/s'), ({ point }) => (point?.flopsPerSecond ? formatPerSecond(point.flopsPerSecond, '') : NOTHING)],
  [right('bytes/s'), ({ point }) => (point ? formatPerSecond(point.bytesPerSecond, '') : NOTHING)],
  [right('of its limit'), ({ point }) => (point ? describeShare(point) : NOTHING)],
];

function printTables(screen: Screen, recording: Recording): void {
  const rows = operationRows(recording);
  const print = (cells: readonly Cell[]): void =>
    printTable(
      screen,
      cells.map(([column]) => column),
      rows.map((row) => cells.map(([, text], i) => (i === 1 ? screen.colours.bold(text(row)) : text(row)))),
    );
  if (screen.width >= WIDE) {
    print([OPERATION, ...TIMES, ...SHARES]);
  } else {
    print([OPERATION, ...TIMES]);
    screen.print();
    print([OPERATION, ...SHARES]);
  }
}

/** `12.3 µs ± 0.4 µs`, `< 0.20 µs` or a dash. */
function briefly(estimate: Estimate): string {
  if (estimate.kind === 'none') return NOTHING;
  return estimate.kind === 'below' ? `< ${formatMicroseconds(estimate.belowUs)}` : describeEstimate(estimate);
}

function quantileOf(estimate: Estimate, name: 'medianUs' | 'p95Us'): string {
  const value = estimate.kind === 'measured' ? estimate[name] : undefined;
  return value === undefined ? NOTHING : formatMicroseconds(value);
}

function discarded({ discards }: Estimate): number {
  return Object.values(discards).reduce((sum, count) => sum + count, 0);
}

const REASONS = [
  ['zero', 'zero or never stamped'],
  ['negative', 'ended before they began'],
  ['backward', 'ended before the pass before them'],
  ['overflow', 'longer than their submit'],
] as const;

/** What the reader has to know of these numbers. */
function printNotes(screen: Screen, recording: Recording): void {
  const { colours } = screen;
  const { clock, phaseLock, gaps, operations } = recording;
  screen.print();
  for (const warning of recording.warnings ?? []) printText(screen, warning, colours.yellow);
  printText(screen, `Clock: ${describeClock(clock)}.`);
  if (phaseLock.verdict === 'locked') {
    const text =
      'Steps keep time with the clock, so a mean can be off by a whole quantum either way: the intervals say so.';
    printText(screen, text, colours.yellow);
  } else if (gaps) {
    printText(screen, 'Steps kept time with the clock; since then each timed step waits a random moment first.');
  }
  const reasons = REASONS.flatMap(([reason, words]) => {
    const count = operations.reduce((sum, { estimate }) => sum + estimate.discards[reason], 0);
    return count > 0 ? [`${formatCount(count)} ${words}`] : [];
  });
  if (reasons.length > 0) printText(screen, `Left out: ${reasons.join(', ')}.`);
  for (const lift of liftedCeilings(recording)?.lifts ?? []) printText(screen, describeLift(lift), colours.yellow);
  if (recording.tax) {
    const text =
      'In training: the mean over the profiling tax, as if that fell on all in proportion; short ones pay more.';
    printText(screen, text, colours.dim);
  }
  if (operations.some(({ estimate }) => estimate.kind === 'below')) {
    printText(screen, 'After < stands the most that the mean can be: no sample saw the clock advance.', colours.dim);
  }
}

/** A step as it trains, the same with a pass for each operation, and the price of these. */
function printSteps(screen: Screen, { productionStep, profiledStep, tax }: Recording): void {
  const facts: [string, string][] = [
    ['a step as it trains', describeEstimate(productionStep)],
    ['a step with a pass for each operation', describeEstimate(profiledStep)],
  ];
  if (tax) {
    const range = `${tax.low.toFixed(2)} to ${tax.high.toFixed(2)}`;
    facts.push(['the one over the other: the profiling tax', `${tax.value.toFixed(2)} (${range})`]);
  }
  printFacts(screen, facts);
}

/** The parts of wall-clock time, each with a mark that needs no colour. */
const PARTS = [
  ['busyUs', '█', 'GPU busy', 'green'],
  ['gapUs', '▓', 'gaps between passes', 'yellow'],
  ['encodeUs', '▒', 'JavaScript records commands', 'blue'],
  ['submitUs', '░', 'queue.submit', 'magenta'],
  ['readBackUs', '-', 'waiting for results', 'cyan'],
  ['remainderUs', '.', 'remainder', 'red'],
] as const;

const MOST_BAR = 96;

/** Where the wall-clock time went: a stacked bar and its legend. */
function printAccounting(screen: Screen, accounting: Accounting): void {
  const { colours } = screen;
  const { wallUs, hiddenUs } = accounting;
  screen.print();
  printHeading(screen, `Where ${formatMicroseconds(wallUs)} of wall-clock time went`);
  screen.print();
  const width = Math.min(MOST_BAR, screen.width - INDENT.length - 1);
  let [us, column] = [0, 0];
  let bar = '';
  for (const [part, mark, , colour] of PARTS) {
    us += accounting[part];
    // Rounded at its end, so that the bar is as long as it should be.
    const end = Math.round((width * us) / wallUs);
    bar += colours[colour](mark.repeat(Math.max(0, end - column)));
    column = Math.max(column, end);
  }
  screen.print(INDENT + bar);
  screen.print();
  const columns: Column[] = [{ head: '' }, { head: '' }, right('time'), right('share')];
  const rows = PARTS.map(([part, mark, name, colour]) => [
    colours[colour](mark),
    name,
    formatMicroseconds(accounting[part]),
    formatPercent(accounting[part] / wallUs),
  ]);
  printTable(screen, columns, [
    ...rows,
    ['', 'sum', formatMicroseconds(wallUs), '100.00%'].map((text) => colours.bold(text)),
  ]);
  if (hiddenUs > 0) {
    const text = `${formatMicroseconds(hiddenUs)} of recording and submitting took place while the GPU was at work, and cost nothing.`;
    printText(screen, text, colours.dim);
  }
}
