// The report of a run, as the command line writes it and other tools read it.

import type { DeviceInfo } from '../gpu/device';
import type { BatchSize } from '../nn/batches';
import type { Activation } from '../nn/activations';
import type { Divergence } from './divergence';
import type { Evaluation } from './evaluation';
import type { Timing } from './timings';

/** What was asked for, by the command line's names. */
export interface RunConfig {
  readonly data: string;
  /** Widths from the input to the output. */
  readonly sizes: readonly number[];
  readonly output: Activation;
  readonly l2: number;
  readonly lr: number;
  readonly momentum: number;
  readonly batch: BatchSize;
  readonly epochs: number;
  readonly seed: number;
  readonly program: ProgramName;
  readonly every: number;
}

/** Which program a run trains with. */
export type ProgramName = 'naive' | 'fused';

/** An evaluation and the epoch that it belongs to. */
export type HistoryEntry = { readonly epoch: number } & Evaluation;

/** Everything that a run has to tell; plain data, ready for JSON. */
export interface RunReport {
  readonly config: RunConfig;
  readonly device: DeviceInfo;
  /** From epoch 0, before any update. */
  readonly history: readonly HistoryEntry[];
  /** Of the parameters at the end of the run; where it diverged, the last one before. */
  readonly final: Evaluation;
  /** How it left the finite numbers, where it did. */
  readonly divergence?: Divergence;
  /** By operation of the step, over the steps that were timed; empty where the adapter has no timestamps. */
  readonly timings: readonly Timing[];
  readonly wall: {
    /** From the first submit to the end of the last step, evaluations included. */
    readonly totalMs: number;
    readonly stepsPerSecond: number;
  };
}
