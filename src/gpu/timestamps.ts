// Timestamps: the begin and end of passes, written by the device and resolved into a buffer.

import type { Device } from './device';

const STAMP_BYTES = 8;

/** Descriptors of the first and the last of several passes, so that one span holds them all. */
export interface StampedPasses {
  readonly first: GPUComputePassDescriptor;
  readonly last: GPUComputePassDescriptor;
}

/** Stamps the begin and end of a fixed number of spans, in ns. */
export class TimestampRecorder {
  /** For each span the descriptor of the one pass that it is, made once. */
  readonly passes: readonly GPUComputePassDescriptor[];
  /** For each span the descriptors of the first and the last pass that it holds. */
  readonly brackets: readonly StampedPasses[];
  readonly #device: Device;
  readonly #querySet: GPUQuerySet;
  readonly #resolved: GPUBuffer;

  constructor(device: Device, labels: readonly string[]) {
    this.#device = device;
    const count = 2 * labels.length;
    const querySet = device.gpu.createQuerySet({ label: 'spans', type: 'timestamp', count });
    this.#querySet = querySet;
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    this.#resolved = device.createBuffer('spans', TimestampRecorder.bytes(labels.length), usage);
    this.passes = labels.map((label, i) => ({
      label,
      timestampWrites: { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 },
    }));
    this.brackets = labels.map((label, i) => ({
      first: { label, timestampWrites: { querySet, beginningOfPassWriteIndex: 2 * i } },
      last: { label, timestampWrites: { querySet, endOfPassWriteIndex: 2 * i + 1 } },
    }));
  }

  /** Bytes that the stamps of so many spans take. */
  static bytes(spans: number): number {
    return 2 * STAMP_BYTES * spans;
  }

  /** Copies the stamps of `count` spans from the span `first` on into `target` at `offset`. */
  resolve(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number, first: number, count: number): void {
    encoder.resolveQuerySet(this.#querySet, 2 * first, 2 * count, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, target, offset, TimestampRecorder.bytes(count));
  }

  dispose(): void {
    this.#querySet.destroy();
    this.#device.destroyBuffer(this.#resolved);
  }
}
