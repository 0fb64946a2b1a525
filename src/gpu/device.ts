// A WebGPU device: opens it, names it, counts its buffers, and turns its errors into ours.

import { UnderglassError } from '../base/errors';
import { formatCount } from '../base/units';
import { PipelineCache } from './pipelines';

/** What the adapter says of itself, as reports show it. */
export interface DeviceInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Whether the adapter is software on the CPU. */
  readonly software: boolean;
  /** Whether four threads side by side can share what they load: subgroups, each of at least four threads. */
  readonly quads: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/** Vendor, architecture and description, by which an adapter is known again; undefined where the browser tells none of them. */
export function nameOfAdapter({
  vendor,
  architecture,
  description,
}: Pick<DeviceInfo, 'vendor' | 'architecture' | 'description'>): readonly [string, string, string] | undefined {
  return vendor || architecture || description ? [vendor, architecture, description] : undefined;
}

/** Used when offered; the project runs without any of them. */
const WANTED_FEATURES = ['timestamp-query', 'subgroups'] as const;

/** Asked for at the adapter's own size; every other limit stays at WebGPU's default. */
const WANTED_LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

/**
 * The owner of a `GPUDevice`.
 *
 * Every buffer is made by `createBuffer` and freed by `destroyBuffer`, so that `liveBuffers`
 * shows a leak. `dispose` frees the device; buffers are their makers' to free, before or after. What needs
 * a device that is disposed is refused with `usage`.
 */
export class Device {
  readonly gpu: GPUDevice;
  /** Where the device comes from. Dawn in Node crashes once either is collected while the device is in use. */
  readonly origin: { readonly gpu: Pick<GPU, 'requestAdapter'>; readonly adapter: GPUAdapter };
  readonly info: DeviceInfo;
  readonly pipelines: PipelineCache;
  /** Rejects when the device is lost, other than by `dispose`; never resolves. */
  readonly failure: Promise<never>;
  #error: UnderglassError | undefined;
  #disposed = false;
  readonly #notice = ({ error }: GPUUncapturedErrorEvent): void => {
    this.#error ??= gpuError(error);
  };
  readonly #buffers = new Set<GPUBuffer>();

  private constructor(gpu: GPUDevice, origin: Device['origin']) {
    this.gpu = gpu;
    this.origin = origin;
    this.info = describe(origin.adapter, gpu);
    this.pipelines = new PipelineCache(gpu);
    this.failure = new Promise((_, reject) => {
      void gpu.lost.then(({ message }) => {
        if (!this.#disposed) {
          const detail = message ? ` (${message})` : '';
          this.#error = new UnderglassError(
            'device-lost',
            `the GPU device was lost${detail}; start the training again`,
          );
          reject(this.#error);
        }
      });
    });
    this.failure.catch(() => undefined);
    gpu.addEventListener('uncapturederror', this.#notice);
  }

  /**
   * Opens a device on the best adapter that `gpu` offers.
   *
   * @throws UnderglassError `no-webgpu` where `gpu` is undefined, `no-adapter` where there is none.
   */
  static async open(gpu: Pick<GPU, 'requestAdapter'> | undefined): Promise<Device> {
    if (!gpu) {
      throw new UnderglassError(
        'no-webgpu',
        'this browser has no WebGPU; use a recent Chrome, Edge, Safari or Firefox, over https or on localhost',
      );
    }
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) {
      throw new UnderglassError(
        'no-adapter',
        'WebGPU found no adapter; update the graphics driver, or let the browser use its hardware acceleration',
      );
    }
    const requiredLimits = Object.fromEntries(WANTED_LIMITS.map((name) => [name, adapter.limits[name]]));
    const device = await adapter.requestDevice({
      label: 'underglass',
      requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits,
    });
    return new Device(device, { gpu, adapter });
  }

  /** Buffers made and not yet destroyed. */
  get liveBuffers(): number {
    return this.#buffers.size;
  }

  /** Bytes of the buffers made and not yet destroyed. */
  get liveBytes(): number {
    let bytes = 0;
    for (const buffer of this.#buffers) {
      bytes += buffer.size;
    }
    return bytes;
  }

  /** The buffers made and not yet destroyed, in the order of their making. */
  get buffers(): { readonly label: string; readonly bytes: number }[] {
    return Array.from(this.#buffers, ({ label, size }) => ({ label, bytes: size }));
  }

  /**
   * Makes a buffer of at least `size` bytes, filled with zeros.
   *
   * @throws UnderglassError `limit` where the adapter cannot hold or bind so large a buffer; as `check` does.
   */
  createBuffer(label: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    this.check();
    const { maxBufferSize, maxStorageBufferBindingSize } = this.gpu.limits;
    const limit = usage & GPUBufferUsage.STORAGE ? Math.min(maxBufferSize, maxStorageBufferBindingSize) : maxBufferSize;
    if (size > limit) {
      throw new UnderglassError(
        'limit',
        `${label}: ${formatCount(size)} bytes exceed this adapter's limit of ${formatCount(limit)} bytes a buffer; ` +
          'use fewer rows or narrower layers',
      );
    }
    const buffer = this.gpu.createBuffer({ label, size: Math.max(16, Math.ceil(size / 16) * 16), usage });
    this.#buffers.add(buffer);
    return buffer;
  }

  destroyBuffer(buffer: GPUBuffer): void {
    buffer.destroy();
    this.#buffers.delete(buffer);
  }

  /**
   * Checks that the device can be used.
   *
   * @throws UnderglassError `usage` once it is disposed; else the error that it has reported since it was opened, if any
   */
  check(): void {
    if (this.#disposed) {
      throw new UnderglassError('usage', 'this device is disposed; open another one with Device.open');
    }
    if (this.#error) {
      throw this.#error;
    }
  }

  /**
   * Checks that a buffer can be used. WebGPU reports the use of a destroyed one to the whole device, where it would fail whoever
   * comes next.
   *
   * @throws UnderglassError `usage` where it was destroyed; as `check` does
   */
  checkBuffer(buffer: GPUBuffer): void {
    this.check();
    if (!this.#buffers.has(buffer)) {
      throw new UnderglassError('usage', `the buffer "${buffer.label}" is used after its owner was disposed`);
    }
  }

  /**
   * Runs `work` in error scopes, so that a validation error or a shortage of memory becomes its rejection.
   *
   * @throws UnderglassError `validation`, `out-of-memory` or `device-lost`, with WebGPU's own message; as `check` does, before
   *   the work and after it.
   */
  async guard<T>(work: () => T | Promise<T>): Promise<T> {
    this.check();
    const filters = ['validation', 'out-of-memory', 'internal'] as const;
    for (const filter of filters) {
      this.gpu.pushErrorScope(filter);
    }
    const pops: Promise<GPUError | null>[] = [];
    let result: T;
    try {
      result = await work();
    } finally {
      pops.push(...filters.map(() => this.gpu.popErrorScope()));
    }
    const errors = await Promise.race([Promise.all(pops), this.failure]);
    const error = errors.find((e) => e !== null);
    if (error) {
      throw gpuError(error);
    }
    this.check();
    return result;
  }

  /** Frees the device. Safe to call twice. */
  dispose(): void {
    this.#disposed = true;
    // Dawn in Node holds its listeners for good, and with them all that they hold.
    this.gpu.removeEventListener('uncapturederror', this.#notice);
    this.gpu.destroy();
  }
}

function describe(adapter: GPUAdapter, device: GPUDevice): DeviceInfo {
  const { info } = adapter;
  const limits: Record<string, number> = {};
  // Limits are getters of the prototype, out of reach of Object.entries.
  for (const name in device.limits) {
    const value: unknown = Reflect.get(device.limits, name);
    if (typeof value === 'number') {
      limits[name] = value;
    }
  }
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    description: info.description || info.device,
    software:
      info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|warp/i.test(`${info.architecture} ${info.description}`),
    quads: device.features.has('subgroups') && (info.subgroupMinSize ?? 0) >= 4,
    features: [...device.features].toSorted(),
    limits,
  };
}

function gpuError(error: GPUError): UnderglassError {
  const memory = error.constructor.name === 'GPUOutOfMemoryError';
  return memory
    ? new UnderglassError(
        'out-of-memory',
        `the GPU is out of memory (${error.message}); use fewer rows a batch or narrower layers`,
      )
    : new UnderglassError('validation', `WebGPU refused a command, a fault of Underglass: ${error.message}`);
}
