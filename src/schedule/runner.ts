// Runners: how the steps of a program become dispatches, one operation each or whole steps at once.

import type { Device } from '../gpu/device';
import type { Tensor } from '../gpu/tensor';
import { recordSteps } from './record';
import type { Schedule } from './schedule';
import type { StepTable } from './step-table';

/** Runs steps of training. Two runners of one program change its memory alike, to the bit. */
export interface Runner {
  /** Reads like `chained`, or as the resident variant is named. */
  readonly name: string;
  /**
   * Records the steps `first` to `end` of the table, to be submitted before it is called again.
   *
   * Allocates nothing.
   *
   * @param descriptor of the one pass that they take, where it is to be stamped
   */
  record(encoder: GPUCommandEncoder, first: number, end: number, descriptor?: GPUComputePassDescriptor): void;
  /** The last step's gradients laid out like the parameters, or undefined where they lie in the program's own tensors. */
  readonly gradient: Tensor | undefined;
  dispose(): void;
}

/** One dispatch an operation. */
export function chained(schedule: Schedule, table: StepTable): Runner {
  return {
    name: 'chained',
    gradient: undefined,
    record: (encoder, first, end, descriptor) => recordSteps(encoder, schedule, table, first, end, descriptor),
    dispose: () => undefined,
  };
}

/** Submits the steps `first` to `end` by themselves. */
export function submitSteps(device: Device, runner: Runner, first: number, end: number): void {
  const encoder = device.gpu.createCommandEncoder({ label: runner.name });
  runner.record(encoder, first, end);
  device.gpu.queue.submit([encoder.finish()]);
}
