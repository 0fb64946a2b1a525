// An experiment: the options of a training, checked, and the trainer that they ask for.

import {
  type Activation,
  type BatchSize,
  type Device,
  networkSizes,
  optimiser,
  type ProfilerOptions,
  type ProgramName,
  Trainer,
  tutorialSplit,
} from '../index';
import { type DataName, loadData } from './data';
import { networkFor } from '../train/grid';
import { checkWeights } from './network';
import { requireBatch } from './options';
import type { Plan } from './results';
import type { TuningFile } from './tuning-file';

/** What the command line says of an experiment. */
export interface ExperimentOptions {
  /** Widths of the hidden layers. */
  readonly layers: readonly number[];
  readonly output: Activation;
  readonly l2: number;
  readonly lr: number;
  readonly momentum: number;
  readonly batch: BatchSize;
  readonly epochs: number;
  readonly seed: number;
  readonly data: DataName;
  readonly program: ProgramName;
  readonly every: number;
  /** Take the fastest variants that were remembered. */
  readonly tune: boolean;
}

/** Loads the data and makes the network. @throws UnderglassError `usage` or `io` */
export async function makePlan(options: ExperimentOptions): Promise<Plan> {
  const { output, l2, lr, momentum, batch, epochs, seed, program, every } = options;
  const data = await loadData(options.data);
  const splits = tutorialSplit(data);
  requireBatch(batch, splits.train.rows);
  const network = networkFor(data, options.layers, output);
  const sizes = networkSizes(network);
  const config = { data: data.name, sizes, output, l2, lr, momentum, batch, epochs, seed, program, every };
  return { config, network, splits };
}

/** Puts a plan on a device. @throws UnderglassError as `Trainer.create` does */
export function createTrainer(
  { config, network, splits }: Plan,
  device: Device,
  tuned: TuningFile | undefined,
  profile: boolean | ProfilerOptions = true,
): Promise<Trainer> {
  const { batch, seed, program } = config;
  checkWeights(network, device);
  return Trainer.create(device, {
    network,
    optimiser: optimiser({ learningRate: config.lr, momentum: config.momentum, l2: config.l2 }),
    splits,
    batch,
    seed,
    program,
    profile,
    // Tuning never changes a bit, so the same command gives the same weights, remembered choices or not.
    ...(tuned ? { tuning: { store: tuned } } : {}),
  });
}
