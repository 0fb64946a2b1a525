// An experiment: the settings of a training, and the trainer that they ask for.

import { type Device, type ProfilerOptions, Trainer, tutorialSplit } from '../index';
import { networkOf, optimiserOf } from '../experiment/build';
import { runConfig } from '../experiment/report';
import type { Settings } from '../experiment/setting';
import { loadData } from './data';
import { checkWeights } from './network';
import type { Plan } from './results';
import type { TuningFile } from './tuning-file';

/** What the command line says of an experiment. */
export interface ExperimentOptions {
  readonly settings: Settings;
  /** Epochs from one evaluation to the next. */
  readonly every: number;
  /** Take the fastest variants that were remembered. */
  readonly tune: boolean;
}

/** Loads the data and makes the network. @throws UnderglassError `usage` or `io` */
export async function makePlan({ settings, every }: ExperimentOptions): Promise<Plan> {
  const [network, optimiser] = [networkOf(settings), optimiserOf(settings)];
  const splits = tutorialSplit(await loadData(settings.data));
  return { settings, config: runConfig(settings, every), every, network, optimiser, splits };
}

/** Puts a plan on a device. @throws UnderglassError as `Trainer.create` does */
export function createTrainer(
  { settings, network, optimiser, splits }: Plan,
  device: Device,
  tuned: TuningFile | undefined,
  profile: boolean | ProfilerOptions = true,
): Promise<Trainer> {
  const { batch, seed, program, patience } = settings;
  checkWeights(network, device);
  return Trainer.create(device, {
    network,
    optimiser,
    splits,
    batch,
    seed,
    program,
    profile,
    ...(patience === 'none' ? {} : { stopping: { patience } }),
    // Tuning never changes a bit, so the same command gives the same weights, remembered choices or not.
    ...(tuned ? { tuning: { store: tuned } } : {}),
  });
}
