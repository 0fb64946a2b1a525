// A sweep in words and tables: the grid before it starts, the ranking and the best at the end.

import { formatCount, formatDuration, formatPercent } from '../base/units';
import type { Configuration, RankedConfiguration, Splits, Spread, SweepRefusal } from '../index';
import { type Adapter, adapterFacts } from './adapter';
import { type Grid, widthsText } from '../train/grid';
import { formatLoss, formatRate } from './progress';
import { plural, printFeatureNotices, printScores, printTitle } from './results';
import type { Screen } from './screen';
import { hiddenWidths, type Retrained, type SweepConfig } from './sweep-report';
import { type Column, printFacts, printTable, printText, wrap } from './tables';

/** A grid with its networks and data made. */
export interface SweepPlan {
  readonly config: SweepConfig;
  readonly configurations: readonly Configuration[];
  readonly splits: Splits;
}

/** Says what is about to be trained, and on what. */
export function printSweepPlan(screen: Screen, { config, configurations, splits }: SweepPlan, adapter: Adapter): void {
  const { train, valid, test } = splits;
  const count = configurations.length;
  const seeds = config.seeds.length;
  const product = `${formatCount(count / seeds)} ${plural('configuration', count / seeds)} x ${formatCount(seeds)} ${plural('seed', seeds)}`;
  const batch = config.batch === 'full' ? 'full batch' : `batches of ${formatCount(config.batch)}`;
  printTitle(screen);
  printFacts(screen, [
    ['networks', `${formatCount(count)}: ${product}`],
    ...listFacts(screen, 'layers', config.layers.map(widthsText), ' | '),
    ['output', config.output],
    ...listFacts(screen, 'λ', config.l2.map(formatSetting), ', '),
    ...listFacts(screen, 'lr', config.lr.map(formatSetting), ', '),
    ...listFacts(screen, 'momentum', config.momentum.map(formatSetting), ', '),
    ...listFacts(screen, 'seeds', config.seeds.map(String), ', '),
    ['data', `${config.data}: ${train.rows} rows to train, ${valid.rows} to validate, ${test.rows} to test`],
    ['training', `${formatCount(config.epochs)} ${plural('epoch', config.epochs)}, ${batch}`],
    ...adapterFacts(screen, adapter),
  ]);
  screen.print();
  printFeatureNotices(screen, train);
}

/** Columns that the names of facts take. */
const FACT_NAME = 14;

/** The lines of values that a fact may take; longer lists are told by their ends. */
const FACT_LINES = 2;

function listFacts(screen: Screen, name: string, values: readonly string[], separator: string): [string, string][] {
  const lines = wrap(values, separator, screen.width - FACT_NAME);
  const [first = ''] = lines;
  if (lines.length > FACT_LINES) {
    return [[name, `${formatCount(values.length)} values, ${values[0]} to ${values.at(-1)}`]];
  }
  return [[name, first], ...lines.slice(1).map((line): [string, string] => ['', line])];
}

/** Configurations that a terminal shows. */
const MOST_SHOWN = 20;

/** Narrower screens have shorter headings. */
const WIDE = 96;

/** The configurations, best first. */
export function printRanking(screen: Screen, grid: Grid, ranking: readonly RankedConfiguration[]): void {
  const { colours } = screen;
  const wide = screen.width >= WIDE;
  const shown = screen.stream.isTTY ? ranking.slice(0, MOST_SHOWN) : ranking;
  const columns: (Column & { readonly cell: (ranked: RankedConfiguration, place: number) => string })[] = [
    { head: '#', align: 'right', cell: (_, place) => String(place) },
    ...optional(grid.layers.length > 1, {
      head: 'layers',
      cell: ({ configuration }: RankedConfiguration) => widthsText(hiddenWidths(configuration)),
    }),
    { head: 'λ', align: 'right', cell: ({ configuration }) => formatSetting(configuration.optimiser.l2) },
    ...optional(grid.lr.length > 1, {
      head: 'lr',
      align: 'right' as const,
      cell: ({ configuration }: RankedConfiguration) => formatSetting(configuration.optimiser.learningRate),
    }),
    ...optional(grid.momentum.length > 1, {
      head: wide ? 'momentum' : 'mom.',
      align: 'right' as const,
      cell: ({ configuration }: RankedConfiguration) =>
        formatSetting(configuration.optimiser.settings['momentum'] ?? 0),
    }),
    {
      head: wide ? 'validation accuracy' : 'valid. accuracy',
      align: 'right',
      cell: ({ validAccuracy }) => spreadText(validAccuracy, formatPercent),
    },
    {
      head: wide ? 'validation loss' : 'valid. loss',
      align: 'right',
      cell: ({ validLoss }) => spreadText(validLoss, formatLoss),
    },
    ...optional(
      ranking.some(({ seeds }) => seeds.length < grid.seeds.length),
      {
        head: 'seeds',
        align: 'right' as const,
        cell: ({ seeds }: RankedConfiguration) => `${seeds.length} of ${grid.seeds.length}`,
      },
    ),
    ...optional(
      ranking.some(({ diverged }) => diverged.length > 0),
      {
        head: 'diverged',
        align: 'right' as const,
        cell: ({ seeds, diverged }: RankedConfiguration) =>
          diverged.length > 0 ? colours.yellow(`${diverged.length} of ${seeds.length}`) : '',
      },
    ),
  ];
  const rows = shown.map((ranked, i) => columns.map(({ cell }) => cell(ranked, i + 1)));
  printTable(
    screen,
    columns,
    rows.map((row, i) => (i === 0 && ranking[0]?.validAccuracy ? row.map((text) => text && colours.bold(text)) : row)),
  );
  if (shown.length < ranking.length) {
    const text = `The best ${shown.length} of ${formatCount(ranking.length)}; --json writes all of them.`;
    printText(screen, text, colours.dim);
  }
}

/** Networks that did not fit, one sentence for each reason. */
export function printRefused(screen: Screen, refused: readonly SweepRefusal[]): void {
  const reasons = new Map<string, number>();
  for (const { reason } of refused) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, networks] of reasons) {
    const left = `${formatCount(networks)} ${plural('network', networks)} left out`;
    printText(screen, `${left}: ${reason}.`, screen.colours.yellow);
  }
}

/** That devices were lost on the way, and what became of the networks. */
export function printLosses(screen: Screen, losses: number): void {
  if (losses === 0) return;
  const times = losses === 1 ? 'once' : `${losses} times`;
  const text = `The GPU was lost ${times}. What was finished stayed; what was in training began again, to the same bits.`;
  printText(screen, text, screen.colours.yellow);
}

/** How the ranking was made, out of so many seeds; a sweep that was stopped has not all of them for every configuration. */
export function rankingNote(ranking: readonly RankedConfiguration[], seeds: number): string {
  const which = ranking.every((ranked) => ranked.seeds.length === seeds)
    ? `${formatCount(seeds)} seeds`
    : 'the seeds that are finished';
  const diverged = ranking.some((ranked) => ranked.diverged.length > 0);
  const exception = diverged ? ' that did not diverge' : '';
  const spread = seeds > 1 ? `; mean ± sd over ${which}${exception}` : '';
  const penalty = diverged && seeds > 1 ? '; a diverged seed counts as 0%' : '';
  return `by validation accuracy, then loss${penalty}${spread}`;
}

/** How many networks were trained, in which time. */
export function printSweepWall(screen: Screen, networks: number, totalMs: number): void {
  const { bold } = screen.colours;
  const rate = totalMs > 0 ? formatRate((1000 * networks) / totalMs) : '–';
  screen.print();
  screen.print(
    `${formatCount(networks)} ${plural('network', networks)} in ${bold(formatDuration(totalMs))}: ` +
      bold(`${rate} networks/s`),
  );
}

/** The scores of the best configuration after its new training, and the sentence that closes the experiment. */
export function printRetrained(screen: Screen, { config, splits }: SweepPlan, retrained: Retrained): void {
  const { configuration, final } = retrained;
  if (!final) return;
  printScores(screen, final, splits);
  screen.print();
  const { rows } = splits.test;
  const right = formatCount(Math.round(final.test.accuracy * rows));
  printText(
    screen,
    `Chosen by validation accuracy, ${settingsText(configuration, config)} with seed ${configuration.seed} classifies ` +
      `${right} of ${formatCount(rows)} test rows rightly: ${formatPercent(final.test.accuracy)}.`,
  );
}

/** A configuration by λ and what else varies in the grid. */
function settingsText(configuration: Configuration, grid: Grid): string {
  const { l2, learningRate, settings } = configuration.optimiser;
  const { momentum = 0 } = settings;
  return [
    ...(grid.layers.length > 1 ? [`layers ${widthsText(hiddenWidths(configuration))}`] : []),
    `λ ${formatSetting(l2)}`,
    ...(grid.lr.length > 1 ? [`learning rate ${formatSetting(learningRate)}`] : []),
    ...(grid.momentum.length > 1 ? [`momentum ${formatSetting(momentum)}`] : []),
  ].join(', ');
}

/** Six digits, which the tutorial prints too. */
function formatSetting(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function spreadText(spread: Spread | undefined, format: (value: number) => string): string {
  if (!spread) return '–';
  return format(spread.mean) + (Number.isNaN(spread.deviation) ? '' : ` ± ${format(spread.deviation)}`);
}

function optional<T>(present: boolean, value: T): T[] {
  return present ? [value] : [];
}
