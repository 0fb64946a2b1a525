// `underglass sweep`: a grid of networks, their ranking, and the best of them trained from new weights.

import {
  type Activation,
  type BatchSize,
  type Configuration,
  type HistoryEntry,
  rank,
  sweep,
  type SweepEntry,
  type SweepRefusal,
  Trainer,
  tutorialSplit,
  UnderglassError,
} from '../index';
import { formatCount } from '../base/units';
import { type Grid, gridConfigurations } from '../train/grid';
import { type Adapter, openAdapter } from './adapter';
import { type DataName, loadData } from './data';
import { Interrupt } from './interrupt';
import { openJsonOutput } from './json-output';
import { checkWeights } from './network';
import { requireBatch } from './options';
import { showProgress, showSweepProgress } from './progress';
import { openScreen, type Screen } from './screen';
import { type Retrained, type SweepOutcome, sweepReport } from './sweep-report';
import {
  printRanking,
  printRefused,
  printRetrained,
  printSweepPlan,
  printSweepWall,
  rankingNote,
  type SweepPlan,
} from './sweep-results';
import { printHeading } from './tables';

/** What the command line says of a sweep. */
export interface SweepCommandOptions extends Grid {
  readonly output: Activation;
  readonly batch: BatchSize;
  readonly epochs: number;
  readonly data: DataName;
  readonly json?: string;
}

/** The largest seed of a sweep: the best configuration is trained again with the one above the largest. */
export const MAX_SWEEP_SEED = 2 ** 32 - 2;

/** Evaluations of the last training, so that progress is seen. */
const EVALUATIONS = 10;

/**
 * Trains every network of the grid, ranks, trains the best again, reports, and gives the exit code.
 *
 * @throws UnderglassError `usage`, `io` or `limit` before anything is trained; `diverged` after the report is written
 */
export async function sweepGrid(options: SweepCommandOptions): Promise<number> {
  const plan = await makePlan(options);
  const json = await openJsonOutput(options.json);
  const screen = openScreen(options.json === '-' ? process.stderr : process.stdout);
  // With a file to write, a reader of the text who goes away is no reason to stop.
  const interrupt = Interrupt.listen(options.json === undefined);
  try {
    const adapter = await openAdapter();
    try {
      for (const network of new Set(plan.configurations.map((each) => each.network))) {
        checkWeights(network, adapter.device);
      }
      printSweepPlan(screen, plan, adapter);
      const outcome = await run(screen, plan, adapter, interrupt);
      await json.write(sweepReport(plan.config, adapter.device.info, outcome));
      requireConverged(outcome);
      return interrupt.exitCode;
    } finally {
      adapter.device.dispose();
    }
  } finally {
    interrupt.dispose();
  }
}

async function makePlan(options: SweepCommandOptions): Promise<SweepPlan> {
  const { layers, output, l2, lr, momentum, seeds, batch, epochs } = options;
  const data = await loadData(options.data);
  const splits = tutorialSplit(data);
  requireBatch(batch, splits.train.rows);
  const config = { data: data.name, layers, output, l2, lr, momentum, seeds, batch, epochs };
  return { config, configurations: gridConfigurations(config, data, '--'), splits };
}

async function run(screen: Screen, plan: SweepPlan, adapter: Adapter, interrupt: Interrupt): Promise<SweepOutcome> {
  const { entries, refused, totalMs } = await trainAll(screen, plan, adapter, interrupt);
  const ranking = rank(entries);
  const sofar = { entries, refused, ranking, totalMs };
  const isRead = (): boolean => interrupt.reason !== 'closed';
  if (isRead()) printOutcome(screen, plan, sofar, interrupt.signal.aborted);
  const best = ranking[0];
  if (!best?.validAccuracy || interrupt.signal.aborted) return { ...sofar, retrained: undefined };

  const configuration = { ...best.configuration, seed: Math.max(...plan.config.seeds) + 1 };
  screen.print();
  printHeading(screen, 'The best, trained again from new weights', `with seed ${configuration.seed}`);
  const retrained = await retrain(screen, plan, adapter, interrupt, configuration);
  if (retrained && isRead()) printRetrained(screen, plan, retrained);
  else if (isRead()) printHeading(screen, 'Stopped before its end');
  return { ...sofar, retrained };
}

/** Networks that came to their end, in the order of the grid. */
async function trainAll(
  screen: Screen,
  { config, configurations, splits }: SweepPlan,
  { device }: Adapter,
  { signal }: Interrupt,
): Promise<Pick<SweepOutcome, 'entries' | 'refused' | 'totalMs'>> {
  const { batch, epochs } = config;
  const progress = showSweepProgress(screen);
  const restore = (): void => progress.stop();
  signal.addEventListener('abort', restore);
  let finished: readonly SweepEntry[] = [];
  let refused: readonly SweepRefusal[] = [];
  const began = performance.now();
  try {
    for await (const state of sweep(device, { configurations, splits, batch, epochs, signal })) {
      ({ finished, refused } = state);
      const { networks, epoch, fraction } = state;
      const milliseconds = performance.now() - began;
      if (!signal.aborted) {
        progress.update({ done: finished.length, networks, epoch, epochs, fraction, milliseconds });
      }
    }
    const found = new Map(finished.map((entry) => [entry.configuration, entry]));
    const entries = configurations.flatMap((configuration) => found.get(configuration) ?? []);
    return { entries, refused, totalMs: performance.now() - began };
  } finally {
    progress.stop();
    signal.removeEventListener('abort', restore);
  }
}

/** Trains one network to its end; undefined if told to stop before. */
async function retrain(
  screen: Screen,
  { config, splits }: SweepPlan,
  { device }: Adapter,
  { signal }: Interrupt,
  configuration: Configuration,
): Promise<Retrained | undefined> {
  const { batch, epochs } = config;
  const trainer = await Trainer.create(device, { ...configuration, splits, batch, profile: false });
  const progress = showProgress(screen, epochs);
  const restore = (): void => progress.stop();
  signal.addEventListener('abort', restore);
  try {
    let last: HistoryEntry | undefined;
    const every = Math.max(1, Math.ceil(epochs / EVALUATIONS));
    for await (const { epoch, evaluation, milliseconds } of trainer.run({ epochs, every, signal })) {
      if (evaluation) last = { epoch, ...evaluation };
      if (last && !signal.aborted) progress.update({ epoch, last, milliseconds });
    }
    if (last?.epoch !== epochs) return undefined;
    const { train, valid, test } = last;
    return { configuration, final: { train, valid, test } };
  } catch (error) {
    if (error instanceof UnderglassError && error.code === 'diverged') return { configuration, final: undefined };
    throw error;
  } finally {
    progress.stop();
    signal.removeEventListener('abort', restore);
    trainer.dispose();
  }
}

function printOutcome(
  screen: Screen,
  { config, configurations }: SweepPlan,
  { entries, refused, ranking, totalMs }: Omit<SweepOutcome, 'retrained'>,
  isStopped: boolean,
): void {
  if (isStopped) {
    const done = `${formatCount(entries.length)} of ${formatCount(configurations.length)} networks`;
    printHeading(screen, `Stopped with ${done} done`);
  }
  printRefused(screen, refused);
  if (ranking.length === 0) return;
  printHeading(screen, 'Ranking', rankingNote(ranking, config.seeds.length));
  printRanking(screen, config, ranking);
  printSweepWall(screen, entries.length, totalMs);
}

/** What a sweep is for did not come out where everything that counts diverged. */
function requireConverged({ ranking, retrained }: SweepOutcome): void {
  if (ranking.length > 0 && !ranking[0]?.validAccuracy) {
    throw new UnderglassError('diverged', 'Every network of the sweep diverged; use a smaller --lr.');
  }
  if (retrained && !retrained.final) {
    const { seed, optimiser } = retrained.configuration;
    throw new UnderglassError(
      'diverged',
      `The best configuration diverged when it was trained again with seed ${seed}; ` +
        `use a smaller --lr than ${optimiser.learningRate}.`,
    );
  }
}
