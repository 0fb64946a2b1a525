// Recording: a schedule's dispatches written into a command encoder.

import type { TimestampRecorder } from '../gpu/timestamps';
import { TENSOR_GROUP } from '../gpu/pipelines';
import type { Dispatch, Schedule } from './schedule';
import type { StepTable } from './step-table';

/** Records the steps `first` to `end` of the table, all in one pass. */
export function recordSteps(
  encoder: GPUCommandEncoder,
  schedule: Schedule,
  table: StepTable,
  first: number,
  end: number,
): void {
  const pass = encoder.beginComputePass(PASS);
  for (let step = first; step < end; step++) {
    table.bind(pass, step);
    for (const dispatch of schedule.dispatches) {
      record(pass, dispatch);
    }
  }
  pass.end();
}

/** Records one step with a pass for each dispatch, whose begin and end are stamped. */
export function recordProfiledStep(
  encoder: GPUCommandEncoder,
  schedule: Schedule,
  table: StepTable,
  step: number,
  recorder: TimestampRecorder,
): void {
  for (const [i, dispatch] of schedule.dispatches.entries()) {
    const pass = encoder.beginComputePass(recorder.passes[i]);
    table.bind(pass, step);
    record(pass, dispatch);
    pass.end();
  }
}

/** Records one dispatch many times in a pass of its own, on the first step of the table. */
export function recordRepeats(encoder: GPUCommandEncoder, dispatch: Dispatch, table: StepTable, repeats: number): void {
  const pass = encoder.beginComputePass(PASS);
  table.bind(pass, 0);
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
