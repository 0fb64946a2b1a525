// Tensors: named, shaped ranges of GPU buffers.
//
// A tensor is a matrix for each member, row-major, its rows and its row stride padded with
// zeros to multiples of four numbers, so that every load in a shader is a whole vec4f.

import { UnderglassError } from '../base/errors';
import type { Device } from './device';
import { mapped } from './readback';

/** Numbers to a padded unit; the edge of a block in the shaders. */
export const BLOCK = 4;

const BYTES = 4;

/** WebGPU's `minStorageBufferOffsetAlignment` default, in numbers. */
const ALIGNMENT = 256 / BYTES;

/** `count` rounded up to whole blocks. */
export function padded(count: number): number {
  return Math.ceil(count / BLOCK) * BLOCK;
}

/** What a tensor is made from. */
export interface TensorSpec {
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
}

/** A matrix of 32-bit numbers for each member, somewhere in a buffer that an arena owns. */
export interface Tensor extends TensorSpec {
  readonly buffer: GPUBuffer;
  /** Bytes from the buffer's start to the first member's matrix. */
  readonly offset: number;
  /** Bytes from there to the end of the last member's matrix. */
  readonly size: number;
  readonly members: number;
  /** Numbers from one row to the next. */
  readonly stride: number;
  /** Numbers from one member's matrix to the next one's; 0 where all members share one. */
  readonly memberStride: number;
}

/**
 * Tensors side by side in one buffer, member by member.
 *
 * Kernels that walk all parameters of a network need them in one binding; WebGPU tracks use
 * by buffer, so tensors that one dispatch reads and writes lie in different arenas.
 */
export class Arena {
  readonly label: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly buffer: GPUBuffer;
  readonly members: number;
  /** Numbers from one member's tensors to the next one's. */
  readonly memberStride: number;
  readonly #device: Device;

  /**
   * @param members how many of each tensor; `'shared'` for one that all members share
   * @throws UnderglassError `limit` where the adapter cannot hold it
   */
  constructor(device: Device, label: string, specs: readonly TensorSpec[], members: number | 'shared' = 1) {
    this.#device = device;
    this.label = label;
    this.members = members === 'shared' ? 1 : members;
    const sizes = specs.map(({ rows, columns }) => Math.ceil((padded(rows) * padded(columns)) / ALIGNMENT) * ALIGNMENT);
    this.memberStride = sizes.reduce((sum, size) => sum + size, 0);
    this.buffer = device.createBuffer(
      label,
      this.memberStride * this.members * BYTES,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    );
    const tensors = new Map<string, Tensor>();
    let offset = 0;
    for (const [i, spec] of specs.entries()) {
      const stride = padded(spec.columns);
      tensors.set(spec.label, {
        ...spec,
        buffer: this.buffer,
        offset: offset * BYTES,
        size: ((this.members - 1) * this.memberStride + padded(spec.rows) * stride) * BYTES,
        members: this.members,
        stride,
        memberStride: members === 'shared' ? 0 : this.memberStride,
      });
      offset += sizes[i]!;
    }
    this.tensors = tensors;
  }

  /** All tensors of the arena as rows of one block's width, padding included. */
  get whole(): Tensor {
    return {
      label: this.label,
      rows: this.memberStride / BLOCK,
      columns: BLOCK,
      buffer: this.buffer,
      offset: 0,
      size: this.buffer.size,
      members: this.members,
      stride: BLOCK,
      memberStride: this.memberStride,
    };
  }

  dispose(): void {
    this.#device.destroyBuffer(this.buffer);
  }
}

/** Writes one member's matrix, [rows, columns] row-major; its padding becomes zero. */
export function upload(device: Device, tensor: Tensor, values: ArrayLike<number>, member = 0): void {
  device.checkBuffer(tensor.buffer);
  const { rows, columns, stride, label } = tensor;
  if (values.length !== rows * columns) {
    throw new UnderglassError(
      'shape',
      `${label}: ${values.length} values do not fill [${rows}, ${columns}]; give ${rows * columns}`,
    );
  }
  const data = new (values instanceof Uint32Array ? Uint32Array : Float32Array)(padded(rows) * stride);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      data[row * stride + column] = values[row * columns + column]!;
    }
  }
  device.gpu.queue.writeBuffer(tensor.buffer, tensor.offset + member * tensor.memberStride * BYTES, data);
}

/** Reads one member's matrix, [rows, columns] row-major, after all work submitted so far. */
export async function download(device: Device, tensor: Tensor, member = 0): Promise<Float32Array> {
  device.checkBuffer(tensor.buffer);
  const { rows, columns, stride } = tensor;
  const size = padded(rows) * stride * BYTES;
  const staging = device.createBuffer(`read ${tensor.label}`, size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  try {
    const encoder = device.gpu.createCommandEncoder({ label: `read ${tensor.label}` });
    encoder.copyBufferToBuffer(tensor.buffer, tensor.offset + member * tensor.memberStride * BYTES, staging, 0, size);
    device.gpu.queue.submit([encoder.finish()]);
    await mapped(device, staging);
    const data = new Float32Array(staging.getMappedRange());
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      values.set(data.subarray(row * stride, row * stride + columns), row * columns);
    }
    return values;
  } finally {
    device.destroyBuffer(staging);
  }
}
