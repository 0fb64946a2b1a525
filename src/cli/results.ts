// A run in words and tables: what is trained before it starts, what came out at the end.

import { formatCount, formatDuration, formatMicroseconds, formatPercent } from '../base/units';
import {
  type Dataset,
  type Evaluation,
  featureNotices,
  type Network,
  type Optimiser,
  parameterCount,
  type ProgramName,
  type Splits,
  type Timing,
} from '../index';
import { sizesOf } from '../experiment/build';
import { applying } from '../experiment/read';
import type { RunConfig, RunReport } from '../experiment/report';
import type { Settings } from '../experiment/setting';
import { packageVersion } from '../node/package';
import { type Adapter, adapterFacts } from './adapter';
import { formatLoss, formatRate } from './progress';
import type { Screen } from './screen';
import { bar, type Column, printFacts, printHeading, printText, printTable } from './tables';

const PROGRAMS: Readonly<Record<ProgramName, string>> = {
  naive: 'naive: one kernel for each line of the tutorial',
  fused: 'fused: few kernels, each for several lines of the tutorial',
};

/** An experiment with its network and data made. */
export interface Plan {
  readonly settings: Settings;
  readonly config: RunConfig;
  /** Epochs from one evaluation to the next. */
  readonly every: number;
  readonly network: Network;
  readonly optimiser: Optimiser;
  readonly splits: Splits;
}

/** The name of the program and its version. */
export function printTitle(screen: Screen): void {
  screen.print(`${screen.colours.bold('Underglass')} ${screen.colours.dim(packageVersion())}`);
  screen.print();
}

/**
 * Says what is about to be trained, and on what.
 *
 * @param length how long, unless for the epochs of the plan
 */
export function printPlan(
  screen: Screen,
  { settings, network, splits }: Plan,
  adapter: Adapter,
  runner: string,
  length = `${formatCount(settings.epochs)} ${plural('epoch', settings.epochs)}`,
): void {
  const { train, valid, test } = splits;
  const { batch } = settings;
  const rows = batch === 'full' ? 'full batch' : `batches of ${formatCount(batch)}`;
  const parameters = `${formatCount(parameterCount(network))} parameters`;
  printTitle(screen);
  printFacts(screen, [
    ['network', `${sizesOf(settings).join('-')}, ${activationWords(network)}, ${parameters}`],
    ['data', `${settings.data}: ${train.rows} rows to train, ${valid.rows} to validate, ${test.rows} to test`],
    ['training', `${length}, ${rows}, seed ${settings.seed}`],
    ['optimiser', `${settings.optimiser}: ${numberWords(settings, 'Optimiser')}`],
    ...(settings.schedule === 'constant' ? [] : [['schedule', scheduleWords(settings)] as const]),
    ['program', PROGRAMS[settings.program]],
    ['steps', runner === 'chained' ? 'chained: one dispatch a kernel' : `${runner}: many steps a dispatch`],
    ...adapterFacts(screen, adapter),
  ]);
  screen.print();
  printFeatureNotices(screen, train);
}

/** What about the features of a training set likely spoils its training; nothing where all is well. */
export function printFeatureNotices(screen: Screen, train: Dataset): void {
  const notices = featureNotices(train);
  for (const { text } of notices) printText(screen, text, screen.colours.yellow);
  if (notices.length > 0) screen.print();
}

/** `relu, linear output`, or `relu-tanh, linear output` where hidden layers differ. */
export function activationWords({ layers }: Network): string {
  const hidden = layers.slice(0, -1).map(({ activation }) => activation);
  const words = new Set(hidden).size > 1 ? hidden.join('-') : (hidden[0] ?? '');
  return `${words && `${words}, `}${layers.at(-1)!.activation} output`;
}

/** The numbers of a group, by the names of their options. */
function numberWords(settings: Settings, group: 'Optimiser' | 'Schedule'): string {
  return applying(settings)
    .flatMap((setting) => {
      const value = settings[setting.name];
      return setting.group === group && typeof value === 'number' ? [`${setting.name} ${value}`] : [];
    })
    .join(', ');
}

function scheduleWords(settings: Settings): string {
  const numbers = numberWords(settings, 'Schedule');
  return `${settings.schedule}${numbers && `: ${numbers}`}`;
}

/** Loss and accuracy of the three splits. */
export function printScores(screen: Screen, final: Evaluation, splits: Splits): void {
  const columns: Column[] = [
    { head: '' },
    { head: 'loss', align: 'right' },
    { head: 'accuracy', align: 'right' },
    { head: 'right', align: 'right' },
  ];
  const names = [
    ['train', 'training'],
    ['valid', 'validation'],
    ['test', 'test'],
  ] as const;
  const rows = names.map(([split, name]) => {
    const { loss, accuracy } = final[split];
    const images = splits[split].rows;
    const right = `${formatCount(Math.round(accuracy * images))} of ${formatCount(images)}`;
    return [name, formatLoss(loss), screen.colours.bold(formatPercent(accuracy)), right];
  });
  printTable(screen, columns, rows);
}

/** Narrower screens show no kernel names, which the labels nearly say, to leave room for the bars. */
const WIDTH_WITH_KERNELS = 96;

/** GPU time of every kernel of a step. */
export function printTimings(screen: Screen, timings: readonly Timing[], steps: number): void {
  const { colours } = screen;
  screen.print();
  printHeading(screen, 'GPU time of one training step');
  const timed = Math.max(0, ...timings.map(({ calls }) => calls));
  if (timings.length === 0) {
    printText(screen, 'This adapter has no timestamps, so its kernels cannot be timed.', colours.dim);
    return;
  }
  const whole = timings.reduce((sum, { meanUs }) => sum + meanUs, 0);
  const largest = Math.max(...timings.map(({ meanUs }) => meanUs));
  const withKernels = screen.width >= WIDTH_WITH_KERNELS;
  const columns: Column[] = [
    { head: 'operation' },
    ...(withKernels ? [{ head: 'kernel' }] : []),
    { head: 'phase' },
    { head: 'timed', align: 'right' },
    { head: 'mean', align: 'right' },
    { head: 'share', align: 'right' },
    { head: '' },
  ];
  const rows = timings.map(({ label, kernel, phase, calls, meanUs }) => [
    label,
    ...(withKernels ? [colours.dim(kernel)] : []),
    colours.dim(phase),
    formatCount(calls),
    formatMicroseconds(meanUs),
    whole > 0 ? `${((100 * meanUs) / whole).toFixed(1)}%` : '–',
    colours.cyan(bar(meanUs / largest, BAR)),
  ]);
  const sum = ['sum', ...(withKernels ? [''] : []), '', '', formatMicroseconds(whole), '100%', ''];
  printTable(screen, columns, [...rows, sum.map((text) => text && colours.bold(text))]);
  printText(
    screen,
    `Means over ${formatCount(timed)} of ${formatCount(steps)} steps. To be timed, each kernel gets a pass of its own, ` +
      'which costs time too, so the sum is not what an ordinary step takes.',
    colours.dim,
  );
}

const BAR = 12;

/** The last line: how much was done, in which time. */
export function printWall(screen: Screen, wall: RunReport['wall'], epochs: number, steps: number): void {
  screen.print();
  const work = `${formatCount(epochs)} ${plural('epoch', epochs)}, ${formatCount(steps)} ${plural('step', steps)}`;
  const rate = `${formatRate(wall.stepsPerSecond)} steps/s`;
  screen.print(`${work} in ${screen.colours.bold(formatDuration(wall.totalMs))}: ${screen.colours.bold(rate)}`);
}

/** The noun for that many. */
export function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}
