// Step profilers: what training tells of its submits, and the null profiler that stands in where nobody listens.

import type { StampedPasses } from '../gpu/timestamps';

/** Watches the submits of a training. */
export interface StepProfiler {
  /** Bytes of a staging buffer that one submit's stamps take. */
  readonly size: number;
  /** Notes that a run begins: what lies between two runs is nobody's time. */
  beginRun(): void;
  /**
   * Notes that a submit is about to be recorded.
   *
   * @param step number of its first step, from the start of training
   */
  watch(step: number): SubmitWatch;
  dispose(): void;
}

/** Watches one submit: its methods are called in the order in which they stand here. */
export interface SubmitWatch {
  /**
   * Records a step of the table with a pass for each operation, where one is due.
   *
   * @returns the steps that it recorded: 1 or 0
   */
  recordStep(encoder: GPUCommandEncoder, place: number): number;
  /** The descriptor of the pass that takes the other steps; asked for only where there is one. */
  steps(count: number): GPUComputePassDescriptor | undefined;
  /** The descriptors of the evaluation's passes; asked for only where there is one. */
  evaluation(): StampedPasses | undefined;
  /** Copies the stamps into a staging buffer, as the last command. */
  resolve(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number): void;
  /** The commands are recorded; `queue.submit` comes next. */
  encoded(): void;
  /** `queue.submit` has returned. */
  submitted(): void;
  /**
   * The results are there. Submits finish in their order.
   *
   * @param bytes what the staging buffer holds
   * @param offset as given to `resolve`
   * @param loss the mean loss of the last step's rows
   * @returns the time of the steps that `steps` described, in ms, where it was stamped
   */
  finished(bytes: ArrayBuffer, offset: number, loss: number): number | undefined;
}

const nothing = (): undefined => undefined;

const NO_WATCH: SubmitWatch = {
  recordStep: () => 0,
  steps: nothing,
  evaluation: nothing,
  resolve: nothing,
  encoded: nothing,
  submitted: nothing,
  finished: nothing,
};

/** Sees nothing, and does nothing. */
export const NO_PROFILER: StepProfiler = {
  size: 0,
  beginRun: nothing,
  watch: () => NO_WATCH,
  dispose: nothing,
};
