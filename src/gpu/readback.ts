// Read-back: results copied to staging buffers that the host maps while the GPU goes on.

import { UnderglassError } from '../base/errors';
import { completed } from './completion';
import type { Device } from './device';
import { reasonOf } from './loss';

/**
 * Time in ms between two questions whether a run's results are there, where the browser has to be asked: a few for each submit.
 *
 * A software adapter does its work in Firefox's own main thread, and is given more as soon as it has done some. The browser would
 * be left no time for anything else.
 */
const pauseOfRun = ({ info }: Device): number => (info.software ? Number.POSITIVE_INFINITY : 8);

/**
 * Waits until a buffer can be read.
 *
 * @param pause ms between two questions, where the browser has to be asked
 * @throws UnderglassError `device-lost`: of all promises only this one is sure to fail then, at
 *   times before the device says so; `usage` where buffer or device are disposed meanwhile.
 */
export async function mapped(device: Device, buffer: GPUBuffer, pause?: number): Promise<void> {
  try {
    await completed(device, buffer.mapAsync(GPUMapMode.READ), pause);
  } catch (error) {
    // Destroying a buffer ends its mapping too.
    device.checkBuffer(buffer);
    const cause = await reasonOf(device, error);
    if (cause instanceof UnderglassError) {
      throw cause;
    }
    throw new UnderglassError('device-lost', 'the GPU did not give its results back; start the training again', {
      cause,
    });
  }
}

/** A fixed number of staging buffers of one size, used in turn. */
export class StagingRing {
  readonly #device: Device;
  readonly #free: GPUBuffer[];
  readonly #all: GPUBuffer[] = [];

  /** @throws UnderglassError `limit` where the adapter cannot hold them; nothing stays allocated. */
  constructor(device: Device, label: string, size: number, count: number) {
    this.#device = device;
    try {
      for (let i = 0; i < count; i++) {
        const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
        this.#all.push(device.createBuffer(`${label} ${i}`, size, usage));
      }
    } catch (error) {
      this.dispose();
      throw error;
    }
    this.#free = [...this.#all];
  }

  /** A buffer to copy into; the caller reads each one it takes before it runs out of them. */
  take(): GPUBuffer {
    const buffer = this.#free.pop();
    if (!buffer) {
      throw new Error('more reads in flight than staging buffers');
    }
    return buffer;
  }

  /** Bytes of `buffer` once the work submitted so far is done; the buffer is free again then. */
  async read(buffer: GPUBuffer): Promise<ArrayBuffer> {
    await mapped(this.#device, buffer, pauseOfRun(this.#device));
    const bytes = buffer.getMappedRange().slice(0);
    buffer.unmap();
    this.#free.push(buffer);
    return bytes;
  }

  dispose(): void {
    for (const buffer of this.#all) {
      this.#device.destroyBuffer(buffer);
    }
  }
}
