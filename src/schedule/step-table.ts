// The table of steps: which rows each takes and where its result goes, as uniforms picked by
// a dynamic offset.

import type { Device } from '../gpu/device';
import { STEP_GROUP } from '../gpu/pipelines';
import { stepStruct } from '../kernels/structs';
import type { BatchRange } from '../nn/batches';

/** WebGPU's `minUniformBufferOffsetAlignment` default. */
const ENTRY_BYTES = 256;

/** One uniform for each step that can be recorded; its slot is its index. */
export class StepTable {
  readonly ranges: readonly BatchRange[];
  readonly #device: Device;
  readonly #buffer: GPUBuffer;
  readonly #group: GPUBindGroup;
  readonly #offset = new Uint32Array(1);

  constructor(device: Device, label: string, ranges: readonly BatchRange[]) {
    this.#device = device;
    this.ranges = ranges;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    this.#buffer = device.createBuffer(label, ranges.length * ENTRY_BYTES, usage);
    const words = new Uint32Array((ranges.length * ENTRY_BYTES) / 4);
    const { fields } = stepStruct;
    for (const [slot, { start, rows }] of ranges.entries()) {
      const entry = slot * ENTRY_BYTES;
      words[(entry + fields.start.offset) / 4] = start;
      words[(entry + fields.rows.offset) / 4] = rows;
      words[(entry + fields.slot.offset) / 4] = slot;
    }
    device.gpu.queue.writeBuffer(this.#buffer, 0, words);
    this.#group = device.gpu.createBindGroup({
      label,
      layout: device.pipelines.stepLayout,
      entries: [{ binding: 0, resource: { buffer: this.#buffer, size: stepStruct.size } }],
    });
  }

  /** Makes `step` the one that the following dispatches see. */
  bind(pass: GPUComputePassEncoder, step: number): void {
    this.#offset[0] = step * ENTRY_BYTES;
    pass.setBindGroup(STEP_GROUP, this.#group, this.#offset, 0, 1);
  }

  dispose(): void {
    this.#device.destroyBuffer(this.#buffer);
  }
}
