// `underglass train`: one network, from random weights to its report.

import type { HistoryEntry, Trainer } from '../index';
import { formatCount } from '../base/units';
import type { RunReport } from '../experiment/report';
import { type Adapter, openAdapter } from './adapter';
import { createTrainer, type ExperimentOptions, makePlan } from './experiment';
import { Interrupt } from './interrupt';
import { openJsonOutput } from './json-output';
import { type Plan, printPlan, printScores, printTimings, printWall } from './results';
import { type Progress, showProgress } from './progress';
import { openScreen, type Screen } from './screen';
import { openTuningFile, type TuningFile } from './tuning-file';
import { printHeading, printText } from './tables';

/** What the command line says of a training. */
export interface TrainOptions extends ExperimentOptions {
  readonly json?: string;
}

/** What a run left, whether it came to its end or not. */
interface Outcome {
  readonly report: RunReport;
  /** Whole epochs, and steps, that were run. */
  readonly epochs: number;
  readonly steps: number;
  /** The epoch of the best weights, where early stopping kept them, and whether it ended the run. */
  readonly best?: number;
  readonly stoppedEarly?: boolean;
  /** The divergence that ended it. */
  readonly failure: unknown;
}

/**
 * Trains, reports, and gives the exit code.
 *
 * @throws UnderglassError `usage` or `io` before anything is trained, `diverged` after the report is written, or as `Trainer` does
 */
export async function train(options: TrainOptions): Promise<number> {
  const json = await openJsonOutput(options.json);
  const screen = openScreen(options.json === '-' ? process.stderr : process.stdout);
  const plan = await makePlan(options);
  const tuned = options.tune ? await openTuningFile() : undefined;
  // With a file to write, a reader of the text who goes away is no reason to stop.
  const interrupt = Interrupt.listen(screen, options.json === undefined);
  try {
    const adapter = await openAdapter();
    try {
      const outcome = await run(screen, plan, adapter, tuned, interrupt);
      if (interrupt.reason !== 'closed') printOutcome(screen, plan, outcome, interrupt);
      await json.write(outcome.report);
      if (outcome.failure !== undefined) throw outcome.failure;
      return interrupt.exitCode;
    } finally {
      adapter.device.dispose();
    }
  } finally {
    interrupt.dispose();
  }
}

async function run(
  screen: Screen,
  plan: Plan,
  adapter: Adapter,
  tuned: TuningFile | undefined,
  interrupt: Interrupt,
): Promise<Outcome> {
  const { device } = adapter;
  const { settings, config, every } = plan;
  const { batch, epochs: planned } = settings;
  const trainer = await createTrainer(plan, device, tuned);
  const unsaved = await tuned?.save();
  printPlan(screen, plan, adapter, trainer.runner);
  if (unsaved) printText(screen, unsaved, screen.colours.yellow);
  if (tuned?.notice) printText(screen, tuned.notice, screen.colours.yellow);
  const progress = showProgress(screen, planned);
  const restore = (): void => progress.stop();
  interrupt.signal.addEventListener('abort', restore);
  try {
    const { failure, ...ended } = await runEpochs(trainer, planned, every, progress, interrupt.signal);
    const { history, epochs, steps, milliseconds } = ended;
    const { divergence, best } = trainer;
    if (best) trainer.restoreBest();
    const last = history.at(-1);
    if (failure !== undefined && !(divergence && last)) throw failure;
    const isOfLast = divergence !== undefined || (last?.epoch === epochs && !interrupt.signal.aborted);
    const final = best
      ? best.evaluation
      : last && isOfLast
        ? { train: last.train, valid: last.valid, test: last.test }
        : await trainer.evaluate();
    // A batch of all rows makes every step an epoch; else the last step may lie between two.
    if (batch === 'full' && !isOfLast && last?.epoch !== trainer.epoch)
      history.push({ epoch: trainer.epoch, ...final });
    const stepsPerSecond = milliseconds > 0 ? (1000 * steps) / milliseconds : 0;
    const wall = { totalMs: milliseconds, stepsPerSecond };
    const diverged = divergence ? { divergence } : {};
    const bestEpoch = best ? { bestEpoch: best.epoch } : {};
    const report = {
      config,
      device: device.info,
      history,
      final,
      ...bestEpoch,
      ...diverged,
      timings: trainer.timings,
      wall,
    };
    return { report, epochs, steps, failure, ...(best ? { best: best.epoch, stoppedEarly: trainer.stopped } : {}) };
  } finally {
    progress.stop();
    interrupt.signal.removeEventListener('abort', restore);
    trainer.dispose();
    // What training found out about the choices; that a file cannot be written was told before.
    await tuned?.save();
  }
}

async function runEpochs(
  trainer: Trainer,
  epochs: number,
  every: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ history: HistoryEntry[]; epochs: number; steps: number; milliseconds: number; failure?: unknown }> {
  const history: HistoryEntry[] = [];
  const done = { epochs: 0, steps: 0, milliseconds: 0 };
  try {
    for await (const report of trainer.run({ epochs, every, signal })) {
      const { epoch, evaluation, steps, milliseconds } = report;
      Object.assign(done, { epochs: epoch, steps, milliseconds });
      if (evaluation) {
        history.push({ epoch, ...evaluation });
      }
      const last = history.at(-1);
      if (last && !signal.aborted) progress.update({ epoch, last, milliseconds });
    }
    return { history, ...done };
  } catch (failure) {
    return { history, ...done, failure };
  }
}

function printOutcome(screen: Screen, { settings, splits }: Plan, outcome: Outcome, interrupt: Interrupt): void {
  const { report, epochs, steps } = outcome;
  const isStopped = interrupt.reason !== undefined && epochs < settings.epochs;
  if (report.divergence)
    printHeading(screen, 'Diverged', `scores of epoch ${report.history.at(-1)!.epoch}, the last before`);
  else if (outcome.best !== undefined) {
    const how = outcome.stoppedEarly ? `stopped early at epoch ${formatCount(epochs)}` : `of ${formatCount(epochs)}`;
    printHeading(screen, 'Trained', `best weights, of epoch ${formatCount(outcome.best)}; ${how}`);
  } else if (isStopped)
    printHeading(screen, `Stopped at epoch ${formatCount(epochs)} of ${formatCount(settings.epochs)}`);
  else printHeading(screen, settings.epochs > 0 ? 'Trained' : 'Before any training');
  printScores(screen, report.final, splits);
  if (steps === 0) return;
  printTimings(screen, report.timings, steps);
  printWall(screen, report.wall, epochs, steps);
}
