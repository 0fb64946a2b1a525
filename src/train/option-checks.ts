// Checks of options: what is to be trained, on what and how, judged before anything is allocated.

import { requireNumber, requireOptions, requireWhole, requireWord, shown } from '../base/checks';
import { UnderglassError } from '../base/errors';
import { MAX_SEED } from '../base/random';
import { type Dataset, validateDataset } from '../data/dataset';
import { Device } from '../gpu/device';
import type { BatchSize } from '../nn/batches';
import { checkNetwork } from '../nn/network-checks';
import { checkOptimiser } from '../nn/optimiser';
import type { ProfilerOptions } from '../profile/profiler';
import type { TuningOptions } from '../schedule/tuner';
import { SPLITS, type Splits } from './evaluation';
import type { GradientCheckOptions } from './gradient-check';
import { checkFit, type Member, RUNNERS, type RunOptions } from './group-options';
import { PROGRAMS } from './report';
import type { Configuration, SweepOptions } from './sweep';
import type { StoppingOptions } from './stopping';
import type { TrainerOptions } from './trainer';

/** Every option of a type by name: a record cannot miss any. */
type Names<Options> = Readonly<Record<keyof Options, true>>;

const TRAINER_OPTIONS: Names<TrainerOptions> = {
  network: true,
  optimiser: true,
  seed: true,
  splits: true,
  batch: true,
  program: true,
  tuning: true,
  runner: true,
  profile: true,
  stopping: true,
  from: true,
};
const SPLIT_NAMES: Names<Splits> = { train: true, valid: true, test: true };
const TUNING_OPTIONS: Names<TuningOptions> = { store: true, budget: true, all: true };
const PROFILER_OPTIONS: Names<ProfilerOptions> = { operations: true, keep: true };
const STOPPING_OPTIONS: Names<StoppingOptions> = { patience: true, watch: true, minimumImprovement: true };
const RUN_OPTIONS: Names<RunOptions> = { epochs: true, steps: true, every: true, signal: true };
const SWEEP_OPTIONS: Names<SweepOptions> = {
  configurations: true,
  splits: true,
  batch: true,
  epochs: true,
  signal: true,
  reopen: true,
};
const CONFIGURATION_FIELDS: Names<Configuration> = { network: true, optimiser: true, seed: true };
const GRADIENT_CHECK_OPTIONS: Names<GradientCheckOptions> = {
  device: true,
  l2: true,
  seed: true,
  rows: true,
  elements: true,
  tolerance: true,
};

/** @throws UnderglassError `usage`, `data` or `shape` that names the first option, or place in the data, that makes no sense */
export function checkTrainerOptions(device: Device, options: TrainerOptions): void {
  checkDevice(device);
  requireOptions('Trainer.create', options, TRAINER_OPTIONS);
  const { network, splits, batch, program, tuning, runner, profile, stopping } = options;
  checkMember(options);
  checkNetwork(network);
  checkBatch(batch);
  if (program !== undefined) requireWord('The program', program, PROGRAMS);
  if (runner !== undefined) requireWord('The runner', runner, RUNNERS);
  if (tuning !== undefined) checkTuning(tuning);
  if (profile !== undefined && typeof profile !== 'boolean') checkProfile(profile);
  if (stopping !== undefined) checkStopping(stopping);
  checkSplits(splits);
  checkFit(network, Object.values(splits));
}

/** @throws UnderglassError `usage`, `data` or `shape` as {@link checkTrainerOptions} does, naming the configuration by its number */
export function checkSweepOptions(device: Device, options: SweepOptions): void {
  checkDevice(device);
  requireOptions('sweep', options, SWEEP_OPTIONS);
  const { configurations, splits, batch, epochs, signal, reopen } = options;
  if (!Array.isArray(configurations) || configurations.length === 0) {
    throw new UnderglassError('usage', 'a sweep needs at least one configuration; give one');
  }
  checkBatch(batch);
  requireWhole('The number of epochs of a sweep', epochs, { min: 1 });
  checkSignal(signal);
  if (reopen !== undefined && typeof reopen !== 'function') {
    throw new UnderglassError('usage', `reopen is ${shown(reopen)}; give a function that opens a device.`);
  }
  checkSplits(splits);
  for (const [i, configuration] of configurations.entries()) {
    try {
      requireOptions('a configuration', configuration, CONFIGURATION_FIELDS);
      checkMember(configuration);
      checkNetwork(configuration.network);
      checkFit(configuration.network, Object.values(splits));
    } catch (error) {
      if (!(error instanceof UnderglassError)) throw error;
      throw new UnderglassError(error.code, `configurations[${i}]: ${error.message}`, { cause: error });
    }
  }
}

/** @throws UnderglassError `usage`, `data` or `shape` as {@link checkTrainerOptions} does */
export function checkGradientCheck(
  network: Configuration['network'],
  data: Dataset,
  options: GradientCheckOptions,
): void {
  requireOptions('gradientCheck', options, GRADIENT_CHECK_OPTIONS);
  const { device, l2, seed, rows, elements, tolerance } = options;
  if (device !== undefined) checkDevice(device);
  if (l2 !== undefined) requireNumber('The L2 penalty', l2, 0);
  if (seed !== undefined) checkSeed(seed);
  if (rows !== undefined) requireWhole('The number of rows to check', rows, { min: 1 });
  if (elements !== undefined) requireWhole('The number of elements to check', elements, { min: 1 });
  if (tolerance !== undefined) requireNumber('The tolerance', tolerance, 0);
  checkNetwork(network);
  validateDataset(data);
  checkFit(network, [data]);
}

/** @throws UnderglassError `usage` for what a run cannot be given; `lastStep` judges its length */
export function checkRunOptions(options: RunOptions): void {
  requireOptions('run', options, RUN_OPTIONS);
  if (options.every !== undefined) {
    requireWhole('The number of epochs from one evaluation to the next (every)', options.every, { min: 1 });
  }
  checkSignal(options.signal);
}

function checkDevice(device: unknown): void {
  if (!(device instanceof Device)) {
    throw new UnderglassError('usage', `The device is ${shown(device)}; open one with Device.open(navigator.gpu).`);
  }
}

function checkMember({ optimiser, seed }: Member): void {
  checkOptimiser(optimiser);
  checkSeed(seed);
}

function checkSeed(seed: number): void {
  requireWhole('The seed', seed, { max: MAX_SEED, remedy: 'choose one in that range' });
}

function checkBatch(batch: BatchSize): void {
  if (batch !== 'full') requireWhole('The batch size', batch, { min: 1, remedy: "or use 'full'" });
}

/** Splits that are one and the same data set are judged once. */
function checkSplits(splits: Splits): void {
  requireOptions('splits', splits, SPLIT_NAMES);
  const judged = new Set<Dataset>();
  for (const name of SPLITS) {
    const split = splits[name];
    if (!judged.has(split)) validateDataset(split, `splits.${name}`);
    judged.add(split);
  }
}

function checkTuning(tuning: TuningOptions): void {
  requireOptions('tuning', tuning, TUNING_OPTIONS);
  const { budget, store } = tuning;
  if (budget !== undefined) requireNumber('The budget of tuning in ms', budget, 0);
  if (store !== undefined && (typeof store.read !== 'function' || typeof store.write !== 'function')) {
    throw new UnderglassError(
      'usage',
      'The store of tuning has no read and write; give an object with both functions.',
    );
  }
}

function checkProfile(profile: ProfilerOptions): void {
  requireOptions('profile', profile, PROFILER_OPTIONS);
  if (profile.keep !== undefined) requireWhole('The number of steps that profile keeps', profile.keep, { min: 1 });
}

/** Its numbers are judged where it is made. */
function checkStopping(stopping: StoppingOptions): void {
  requireOptions('stopping', stopping, STOPPING_OPTIONS);
  if (stopping.watch !== undefined) requireWord('What stopping watches', stopping.watch, ['loss', 'metric']);
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal !== undefined && typeof signal.aborted !== 'boolean') {
    throw new UnderglassError('usage', `The signal is ${shown(signal)}; give that of an AbortController.`);
  }
}
