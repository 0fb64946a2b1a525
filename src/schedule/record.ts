// Recording: a schedule's dispatches written into a command encoder.

import { TENSOR_GROUP } from '../gpu/pipelines';
import type { Dispatch, Schedule } from './schedule';
import type { StepTable } from './step-table';

/** Records the steps `first` to `end` of the table, all in one pass, which may be stamped. */
export function recordSteps(
  encoder: GPUCommandEncoder,
  schedule: Schedule,
  table: StepTable,
  first: number,
  end: number,
  descriptor: GPUComputePassDescriptor = PASS,
): void {
  const pass = encoder.beginComputePass(descriptor);
  for (let step = first; step < end; step++) {
    table.bind(pass, step);
    for (const dispatch of schedule.dispatches) {
      record(pass, dispatch);
    }
  }
  pass.end();
}

/** Records one step with a pass for each dispatch, as described: with stamps of its begin and end. */
export function recordProfiledStep(
  encoder: GPUCommandEncoder,
  schedule: Schedule,
  table: StepTable,
  step: number,
  passes: readonly GPUComputePassDescriptor[],
): void {
  for (const [i, dispatch] of schedule.dispatches.entries()) {
    const pass = encoder.beginComputePass(passes[i]);
    table.bind(pass, step);
    record(pass, dispatch);
    pass.end();
  }
}

/** Records one dispatch of a step many times in a pass of its own, which may be stamped. */
export function recordRepeats(
  encoder: GPUCommandEncoder,
  dispatch: Dispatch,
  table: StepTable,
  step: number,
  repeats: number,
  descriptor: GPUComputePassDescriptor = PASS,
): void {
  const pass = encoder.beginComputePass(descriptor);
  table.bind(pass, step);
  for (let i = 0; i < repeats; i++) {
    record(pass, dispatch);
  }
  pass.end();
}

const PASS: GPUComputePassDescriptor = { label: 'steps' };

function record(pass: GPUComputePassEncoder, { pipeline, tensors, grid }: Dispatch): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(TENSOR_GROUP, tensors);
  pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
}
