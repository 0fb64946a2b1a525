// Timestamps of passes, and the null recorder that stands in where they are not wanted.

import type { Device } from './device';

/** Spans of one profiled step: microseconds for each pass, NaN where the stamps make no sense. */
export type Spans = Float64Array;

const STAMP_BYTES = 8;

/** Stamps the begin and end of a fixed number of passes. */
export class TimestampRecorder {
  /** Bytes that `resolve` writes. */
  readonly size: number;
  /** One descriptor for each pass, made once. */
  readonly passes: readonly GPUComputePassDescriptor[];
  readonly #device: Device;
  readonly #querySet: GPUQuerySet;
  readonly #resolved: GPUBuffer;

  constructor(device: Device, labels: readonly string[]) {
    this.#device = device;
    this.size = TimestampRecorder.bytes(labels.length);
    const querySet = device.gpu.createQuerySet({ label: 'spans', type: 'timestamp', count: 2 * labels.length });
    this.#querySet = querySet;
    this.#resolved = device.createBuffer('spans', this.size, GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC);
    this.passes = labels.map((label, i) => ({
      label,
      timestampWrites: { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 },
    }));
  }

  /** Bytes that the stamps of so many passes take. */
  static bytes(passes: number): number {
    return 2 * STAMP_BYTES * passes;
  }

  /** Copies the stamps into `target` at `offset`, to be read with `readSpans`. */
  resolve(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number): void {
    encoder.resolveQuerySet(this.#querySet, 0, 2 * this.passes.length, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, target, offset, this.size);
  }

  dispose(): void {
    this.#querySet.destroy();
    this.#device.destroyBuffer(this.#resolved);
  }
}

/**
 * Durations of passes in µs, from begin and end stamps in ns.
 *
 * A pass can begin before the one before it ended, so a span counts from the later of the
 * two. A pass that ends before it begins is a driver's fault and becomes NaN.
 */
export function readSpans(stamps: BigUint64Array): Spans {
  const spans = new Float64Array(stamps.length / 2);
  let previousEnd = 0n;
  for (let i = 0; i < spans.length; i++) {
    const begin = stamps[2 * i]!;
    const end = stamps[2 * i + 1]!;
    if (end < begin) {
      spans[i] = Number.NaN;
      continue;
    }
    const from = begin > previousEnd ? begin : previousEnd;
    spans[i] = end > from ? Number(end - from) / 1000 : 0;
    previousEnd = end > previousEnd ? end : previousEnd;
  }
  return spans;
}
