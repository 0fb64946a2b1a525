// `underglass roofline`: what this machine's adapter can do at most, drawn, with the operations of a recording below it.

import { formatPerSecond } from '../base/units';
import {
  ceilingFacts,
  type Ceilings,
  describeLift,
  describeShare,
  liftedCeilings,
  operationRows,
  type Recording,
} from '../index';
import { adapterFacts, openAdapter } from './adapter';
import { Interrupt } from './interrupt';
import { openJsonOutput } from './json-output';
import { knownCeilings, loadRecording } from './profile';
import { plotRoofline, type PlottedOperation } from './roofline-plot';
import { openScreen, type Screen } from './screen';
import { type Column, INDENT, printFacts, printHeading, printTable, printText } from './tables';

/** What the command line says of a roofline. */
export interface RooflineOptions {
  /** The recording whose operations are drawn. */
  readonly recording?: string;
  /** Measure even what is remembered. */
  readonly again?: boolean;
  readonly json?: string;
}

/** Draws, and gives the exit code. @throws UnderglassError `io`, `data`, or as `measureCeilings` does */
export async function roofline(options: RooflineOptions): Promise<number> {
  const json = await openJsonOutput(options.json);
  const screen = openScreen(options.json === '-' ? process.stderr : process.stdout);
  const recording = options.recording === undefined ? undefined : await loadRecording('--recording', options.recording);
  printHeading(screen, 'Roofline');
  screen.print();
  const peaks = recording?.ceilings
    ? { ceilings: recording.ceilings, facts: recordedFacts(recording) }
    : await measured(screen, options);
  const { facts } = peaks;
  const held = recording && { ...recording, ceilings: peaks.ceilings };
  const { ceilings, lifts } = (held && liftedCeilings(held)) ?? { ceilings: peaks.ceilings, lifts: [] };
  printFacts(screen, [...facts, ...ceilingFacts(ceilings)]);
  for (const lift of lifts) printText(screen, describeLift(lift), screen.colours.yellow);
  screen.print();
  const operations = held ? operationsOf(held) : [];
  for (const line of plotRoofline(screen, ceilings, operations)) screen.print(INDENT + line);
  if (recording) {
    screen.print();
    printOperations(screen, operations);
  } else {
    screen.print();
    printText(
      screen,
      'To see where operations lie below it: underglass profile --record run.json, then roofline --recording run.json.',
    );
  }
  await json.write(ceilings);
  return 0;
}

/** Ceilings, and the words for the adapter that they are of. */
interface Peaks {
  readonly ceilings: Ceilings;
  readonly facts: readonly (readonly [string, string])[];
}

async function measured(screen: Screen, { again = false }: RooflineOptions): Promise<Peaks> {
  const interrupt = Interrupt.listen(screen, false);
  try {
    const adapter = await openAdapter();
    try {
      const { ceilings, notice } = await knownCeilings(adapter.device, interrupt.signal, again);
      if (notice) printText(screen, notice, screen.colours.yellow);
      return { ceilings, facts: adapterFacts(screen, adapter) };
    } finally {
      adapter.device.dispose();
    }
  } finally {
    interrupt.dispose();
  }
}

function recordedFacts({ device }: Recording): Peaks['facts'] {
  const name = device.description || [device.vendor, device.architecture].filter(Boolean).join(' ');
  return [['adapter', `${name}, as it was recorded`]];
}

const MARKS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The operations that were measured, each with a mark: a letter, or where these run out a plus. */
function operationsOf(recording: Recording): PlottedOperation[] {
  return operationRows(recording).flatMap(({ operation: { label }, point }, i) =>
    point ? [{ label, mark: MARKS[i] ?? '+', point }] : [],
  );
}

function printOperations(screen: Screen, operations: readonly PlottedOperation[]): void {
  const { colours } = screen;
  const columns: Column[] = [
    { head: '' },
    { head: 'operation' },
    ...['FLOP a byte', 'arithmetic', 'traffic', 'of its limit'].map((head): Column => ({ head, align: 'right' })),
  ];
  const rows = operations.map(({ label, mark, point }) => [
    colours.cyan(mark),
    label,
    Number.isFinite(point.intensity) ? point.intensity.toFixed(2) : '–',
    formatPerSecond(point.flopsPerSecond, 'FLOP/s'),
    formatPerSecond(point.bytesPerSecond, 'B/s'),
    describeShare(point),
  ]);
  printTable(screen, columns, rows);
}
