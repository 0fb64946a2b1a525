// `underglass sweep`: a grid of networks, their ranking, and the best of them trained from new weights.

import {
  type Activation,
  type BatchSize,
  type Configuration,
  type HistoryEntry,
  rank,
  sweep,
  type SweepEntry,
  type SweepProgress,
  tutorialSplit,
  UnderglassError,
} from '../index';
import { formatCount } from '../base/units';
import { divergenceCauses, divergenceRemedy } from '../train/divergence';
import { type Grid, gridConfigurations } from '../train/grid';
import { type Adapter, openAdapter } from './adapter';
import { type DataName, loadData } from './data';
import { Interrupt } from './interrupt';
import { openJsonOutput } from './json-output';
import { checkWeights } from './network';
import { showProgress, showSweepProgress } from './progress';
import { openScreen, type Screen } from './screen';
import { type Retrained, type SweepOutcome, sweepReport } from './sweep-report';
import {
  printRanking,
  printLosses,
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

/**
 * Trains every network of the grid, ranks, trains the best again, reports, and gives the exit code.
 *
 * A lost device is opened again, and what was in training then begins anew.
 *
 * @throws UnderglassError `usage`, `io` or `limit` before anything is trained; `diverged`, or `device-lost` where no device
 *   stays, after the report of what is finished is written
 */
export async function sweepGrid(options: SweepCommandOptions): Promise<number> {
  const plan = await makePlan(options);
  const json = await openJsonOutput(options.json);
  const screen = openScreen(options.json === '-' ? process.stderr : process.stdout);
  // With a file to write, a reader of the text who goes away is no reason to stop.
  const interrupt = Interrupt.listen(screen, options.json === undefined);
  try {
    const adapter = await openAdapter();
    try {
      for (const network of new Set(plan.configurations.map((each) => each.network))) {
        checkWeights(network, adapter.device);
      }
      printSweepPlan(screen, plan, adapter);
      const { outcome, failure } = await run(screen, plan, adapter, interrupt);
      await json.write(sweepReport(plan.config, adapter.device.info, outcome));
      if (failure !== undefined) throw failure;
      requireConverged(outcome, plan);
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
  const config = { data: data.name, layers, output, l2, lr, momentum, seeds, batch, epochs };
  return { config, configurations: gridConfigurations(config, data, '--'), splits };
}

/** What a sweep left, and what ended it before its end, if it was that. */
interface Ended {
  readonly outcome: SweepOutcome;
  readonly failure?: unknown;
}

async function run(screen: Screen, plan: SweepPlan, adapter: Adapter, interrupt: Interrupt): Promise<Ended> {
  const { failure, losses, ...trained } = await trainAll(screen, plan, adapter, interrupt);
  if (failure !== undefined && trained.entries.length === 0) throw failure;
  const ranking = rank(trained.entries);
  const sofar = { ...trained, ranking, retrained: undefined };
  const isStopped = interrupt.signal.aborted || failure !== undefined;
  const isRead = (): boolean => interrupt.reason !== 'closed';
  if (isRead()) printOutcome(screen, plan, sofar, losses, isStopped);
  const best = ranking[0];
  if (!best?.validAccuracy || isStopped) return { outcome: sofar, failure };

  const configuration = { ...best.configuration, seed: Math.max(...plan.config.seeds) + 1 };
  screen.print();
  printHeading(screen, 'The best, trained again from new weights', `with seed ${configuration.seed}`);
  try {
    const retrained = await retrain(screen, plan, adapter, interrupt, configuration);
    if (retrained && isRead()) printRetrained(screen, plan, retrained);
    else if (isRead()) printHeading(screen, 'Stopped before its end');
    return { outcome: { ...sofar, retrained } };
  } catch (error) {
    return { outcome: sofar, failure: error };
  }
}

/** What a sweep trained, how many devices it lost, and what ended it before its end. */
interface Trained extends Pick<SweepOutcome, 'entries' | 'refused' | 'totalMs'> {
  readonly losses: number;
  readonly failure?: unknown;
}

/** Networks that came to their end, in the order of the grid. */
async function trainAll(
  screen: Screen,
  { config, configurations, splits }: SweepPlan,
  { device, reopen }: Adapter,
  { signal }: Interrupt,
): Promise<Trained> {
  const { batch, epochs } = config;
  const progress = showSweepProgress(screen);
  const restore = (): void => progress.stop();
  signal.addEventListener('abort', restore);
  let last: Pick<SweepProgress, 'finished' | 'refused' | 'losses'> = { finished: [], refused: [], losses: 0 };
  let failure: unknown;
  const began = performance.now();
  try {
    for await (const state of sweep(device, { configurations, splits, batch, epochs, signal, reopen })) {
      last = state;
      const { finished, networks, epoch, fraction, losses } = state;
      const milliseconds = performance.now() - began;
      if (!signal.aborted) {
        progress.update({ done: finished.length, networks, epoch, epochs, fraction, losses, milliseconds });
      }
    }
  } catch (error) {
    failure = error;
  } finally {
    progress.stop();
    signal.removeEventListener('abort', restore);
  }
  const { finished, refused, losses } = last;
  const found = new Map(finished.map((entry) => [entry.configuration, entry]));
  const entries = configurations.flatMap((configuration) => found.get(configuration) ?? []);
  return { entries, refused, losses, failure, totalMs: performance.now() - began };
}

/** Trains one network to its end; undefined if told to stop before. */
async function retrain(
  screen: Screen,
  { config, splits }: SweepPlan,
  { device, reopen }: Adapter,
  { signal }: Interrupt,
  configuration: Configuration,
): Promise<Retrained | undefined> {
  const { batch, epochs } = config;
  const options = { splits, batch, epochs, signal, reopen };
  const progress = showProgress(screen, epochs);
  const restore = (): void => progress.stop();
  signal.addEventListener('abort', restore);
  try {
    let began = performance.now();
    let last: HistoryEntry | undefined;
    let shown: SweepEntry | undefined;
    let trained: SweepEntry | undefined;
    let losses = 0;
    for await (const state of sweep(device, { ...options, configurations: [configuration] })) {
      const { epoch } = state;
      losses = state.losses;
      [trained] = state.finished;
      const evaluated = trained ?? state.current[0];
      if (evaluated?.evaluation && evaluated !== shown) last = { epoch, ...evaluated.evaluation };
      shown = evaluated;
      if (epoch === 0) began = performance.now();
      if (last && !signal.aborted) progress.update({ epoch, last, milliseconds: performance.now() - began });
    }
    progress.stop();
    printLosses(screen, losses);
    return trained && { configuration, final: trained.evaluation };
  } finally {
    progress.stop();
    signal.removeEventListener('abort', restore);
  }
}

function printOutcome(
  screen: Screen,
  { config, configurations }: SweepPlan,
  { entries, refused, ranking, totalMs }: SweepOutcome,
  losses: number,
  isStopped: boolean,
): void {
  if (isStopped) {
    const done = `${formatCount(entries.length)} of ${formatCount(configurations.length)} networks`;
    printHeading(screen, `Stopped with ${done} done`);
  }
  printLosses(screen, losses);
  printRefused(screen, refused);
  if (ranking.length === 0) return;
  printHeading(screen, 'Ranking', rankingNote(ranking, config.seeds.length));
  printRanking(screen, config, ranking);
  printSweepWall(screen, entries.length, totalMs);
}

/** What a sweep is for did not come out where everything that counts diverged. */
function requireConverged({ ranking, retrained }: SweepOutcome, { config, splits }: SweepPlan): void {
  const rows = config.batch === 'full' ? splits.train.rows : config.batch;
  if (ranking.length > 0 && !ranking[0]?.validAccuracy) {
    const causes = ranking.map(({ configuration }) => divergenceCauses(configuration.optimiser, rows));
    const options = [
      ...(causes.some(({ learningRate }) => learningRate) ? ['a smaller --lr'] : []),
      ...(causes.some(({ l2 }) => l2) ? ['a smaller --l2'] : []),
    ];
    throw new UnderglassError('diverged', `Every network of the sweep diverged; use ${options.join(' and ')}.`);
  }
  if (retrained && !retrained.final) {
    const { seed, optimiser } = retrained.configuration;
    throw new UnderglassError(
      'diverged',
      `The best configuration diverged when it was trained again with seed ${seed}; ` +
        `use ${divergenceRemedy(optimiser, rows)}.`,
    );
  }
}
