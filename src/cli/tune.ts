// `underglass tune`: times the variants of every kernel on this machine's adapter, and remembers the fastest.

import { type TunedOperation, tutorialSplit } from '../index';
import { formatMicroseconds } from '../base/units';
import { networkOf, optimiserOf, sizesOf } from '../experiment/build';
import type { Settings } from '../experiment/setting';
import { adapterFacts, openAdapter } from './adapter';
import { loadData } from './data';
import { Interrupt } from './interrupt';
import { openJsonOutput } from './json-output';
import { checkWeights } from './network';
import { activationWords } from './results';
import { openScreen, type Screen } from './screen';
import { printFacts, printHeading, printTable, printText } from './tables';
import { openTuningFile } from './tuning-file';
import { tuneInParts } from './tuning-parts';

/** What the command line says of a tuning. */
export interface TuneOptions {
  readonly settings: Settings;
  /** Print every candidate's time. */
  readonly show?: boolean;
  readonly json?: string;
}

/**
 * Tunes, reports, and gives the exit code. Ctrl-C stops with the choices so far, which are remembered.
 *
 * @throws UnderglassError as `Trainer.create` does
 */
export async function tune(options: TuneOptions): Promise<number> {
  const { settings } = options;
  const { batch } = settings;
  const json = await openJsonOutput(options.json);
  const screen = openScreen(options.json === '-' ? process.stderr : process.stdout);
  const splits = tutorialSplit(await loadData(settings.data));
  const network = networkOf(settings);
  const file = await openTuningFile();
  const interrupt = Interrupt.listen(screen, options.json === undefined);
  try {
    const adapter = await openAdapter();
    const { device } = adapter;
    try {
      checkWeights(network, device);
      printHeading(screen, 'Tuning');
      screen.print();
      const rows = batch === 'full' ? splits.train.rows : batch;
      printFacts(screen, [
        [
          'network',
          `${sizesOf(settings).join('-')}, ${activationWords(network)}, ${settings.optimiser}, ${rows} rows a step`,
        ],
        ...adapterFacts(screen, adapter),
      ]);
      const training = { network, optimiser: optimiserOf(settings), splits, batch, seed: 0 };
      const tuned = await tuneInParts(screen, device, training, file, interrupt.signal);
      const unsaved = await file.save();
      printOperations(screen, tuned, options.show ?? false);
      printText(
        screen,
        unsaved ?? `Remembered in ${file.path}; training takes these from now on. No bit of a training depends on it.`,
      );
      await json.write({ device: device.info, operations: tuned });
      return interrupt.exitCode;
    } finally {
      device.dispose();
    }
  } finally {
    interrupt.dispose();
  }
}

function printOperations(screen: Screen, operations: readonly TunedOperation[], all: boolean): void {
  const { colours } = screen;
  screen.print();
  const rows = operations.flatMap(({ label, variant, times, untimed }) => {
    if (times.length === 0) return [[label, variant, untimed > 0 ? 'not timed' : '', '']];
    const standard = times[0]!.microseconds;
    return times
      .filter((time) => all || time.variant === variant)
      .map((time, i) => [
        i === 0 ? label : '',
        time.variant === variant ? colours.bold(time.variant) : colours.dim(time.variant),
        formatMicroseconds(time.microseconds),
        `${(standard / time.microseconds).toFixed(2)}x`,
      ]);
  });
  if (operations.some(({ refused }) => refused)) {
    const names = operations.filter(({ refused }) => refused).map(({ label }) => label);
    printText(screen, `Refused, since the bits would differ: faster variants of ${names.join(', ')}.`);
  }
  printTable(
    screen,
    [
      { head: 'operation' },
      { head: all ? 'variants, the chosen one in bold' : 'variant' },
      { head: 'median', align: 'right' },
      { head: 'to default', align: 'right' },
    ],
    rows,
  );
  screen.print();
}
