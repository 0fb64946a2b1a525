// What a group is made of, how it is run, and what it reports.

import { requireWhole } from '../base/checks';
import { UnderglassError } from '../base/errors';
import type { Dataset } from '../data/dataset';
import type { BatchSize } from '../nn/batches';
import type { Network } from '../nn/network';
import type { Optimiser } from '../nn/optimiser';
import type { ProfilerOptions } from '../profile/profiler';
import type { TuningOptions } from '../schedule/tuner';
import type { Divergence } from './divergence';
import type { Evaluation, Score, Splits } from './evaluation';
import type { ProgramName } from './report';
import type { TrainingState } from './state';
import type { StoppingOptions } from './stopping';

/** What tells the networks of a group apart. */
export interface Member {
  readonly optimiser: Optimiser;
  /** Seeds the initial weights and then the order of the rows; a whole number from 0 to 2^32 - 1. */
  readonly seed: number;
}

/** How steps can be run. */
export const RUNNERS = ['auto', 'chained', 'resident'] as const;

/** What to train, on what, and how. */
export interface GroupOptions {
  readonly network: Network;
  /** At least one. In minibatch training they share the row order, so their seeds must be equal. */
  readonly members: readonly Member[];
  readonly splits: Splits;
  /** Rows a step; `full` takes the training set in its own order. */
  readonly batch: BatchSize;
  /** `naive` runs one kernel a line of the tutorial, `fused` two a layer and one more. Default `fused`. */
  readonly program?: ProgramName;
  /** Time the variants of every kernel first and train with the fastest; no bit depends on it. Default: the defaults. */
  readonly tuning?: TuningOptions;
  /**
   * How steps are run: as `chained` operations; whole in `resident` workgroups, where the network is
   * small enough; or `auto`, as tuning chose or by default. No bit depends on it. Default `auto`.
   */
  readonly runner?: (typeof RUNNERS)[number];
  /** Time the steps, and in a sample of them every kernel, as far as the adapter can. No bit depends on it. Default true. */
  readonly profile?: boolean | ProfilerOptions;
  /** Stop when the validation set gains nothing any more; evaluations then hold up the steps after them. Default: never. */
  readonly stopping?: StoppingOptions;
  /** Where to go on from, as `state()` gave it; the bits are those of a training without the break. Default: the initial weights. */
  readonly from?: TrainingState;
}

/** One network after an epoch. */
export interface MemberReport {
  /** Mean over the epoch's rows, each as it was when its batch came, without the L2 term; undefined for epoch 0. */
  readonly batches: Score | undefined;
  /** Of the parameters after this epoch; undefined where this epoch was not to be evaluated. */
  readonly evaluation: Evaluation | undefined;
  /** Whether early stopping has ended this network's training; its parameters then stay as they are. */
  readonly stopped: boolean;
  /** Given once a loss has been NaN or infinite; the network is then stopped, and its numbers mean nothing. */
  readonly divergence: Divergence | undefined;
}

/** What a group reports after each epoch. */
export interface GroupReport {
  /** Epochs done; 0 before the first update. */
  readonly epoch: number;
  readonly members: readonly MemberReport[];
  /** Steps that the device has finished since the run began, and the time they took. */
  readonly steps: number;
  readonly milliseconds: number;
}

/** How far to run, in one of two units. */
export type RunLength =
  /** Epochs to complete: what is left of one in whose midst the run begins counts as the first. */
  | { readonly epochs: number; readonly steps?: undefined }
  /** Steps to make; the run may end in the midst of an epoch, and the next one goes on there. */
  | { readonly steps: number; readonly epochs?: undefined };

/** How far to run, and how often to look. */
export type RunOptions = RunLength & {
  /** Evaluate before the first epoch, every so many epochs, and after the last step if that completes one. Default 1. */
  readonly every?: number;
  /** Stops the run at the end of the work in flight; the iterator then ends. */
  readonly signal?: AbortSignal;
};

/**
 * The number of steps made since the start of training when a run ends that begins at `step`.
 *
 * @throws UnderglassError `usage` unless one length is given, a whole number
 */
export function lastStep({ epochs, steps }: RunLength, step: number, stepsAnEpoch: number): number {
  if (epochs !== undefined && steps === undefined) {
    return (Math.floor(step / stepsAnEpoch) + requireWhole('The number of epochs to run', epochs)) * stepsAnEpoch;
  }
  if (steps !== undefined && epochs === undefined) {
    return step + requireWhole('The number of steps to run', steps);
  }
  const given = steps === undefined ? 'neither' : `${String(epochs)} epochs and ${String(steps)} steps`;
  throw new UnderglassError('usage', `a run takes either epochs or steps, but got ${given}; give one of them`);
}

/** @throws UnderglassError `shape` where a data set has other columns than the network takes, or more classes. */
export function checkFit(network: Network, datasets: readonly Dataset[]): void {
  const { inputs } = network.layers[0]!;
  const { outputs } = network.layers.at(-1)!;
  for (const { name, columns, classes } of datasets) {
    if (columns !== inputs) {
      throw new UnderglassError(
        'shape',
        `${name} has ${columns} columns but the network takes ${inputs}; make them equal`,
      );
    }
    if (classes > outputs) {
      throw new UnderglassError(
        'shape',
        `${name} has ${classes} classes but the network's last layer ${outputs}; widen it`,
      );
    }
  }
}

/** @throws UnderglassError `usage` where members that share a row order have different seeds. */
export function checkSeeds(members: readonly Member[], batch: BatchSize): void {
  const seeds = new Set(members.map(({ seed }) => seed));
  if (batch !== 'full' && seeds.size > 1) {
    throw new UnderglassError(
      'usage',
      `networks of a group share the row order of their minibatches, but have the seeds ${[...seeds].join(', ')}; ` +
        'train each seed in a group of its own',
    );
  }
}

/** @throws UnderglassError `usage` where members have optimisers of several kinds, which differ in their shaders. */
export function checkKinds(members: readonly Member[]): void {
  const kinds = [...new Set(members.map(({ optimiser }) => optimiser.kind))];
  if (kinds.length > 1) {
    throw new UnderglassError(
      'usage',
      `networks of a group have optimisers of one kind, but these have ${kinds.join(', ')}; train each kind in a group of its own`,
    );
  }
}
