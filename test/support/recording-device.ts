// A WebGPU that writes down what is called on it, and passes everything on.

/** What to hide and where to write. */
export interface RecordingSettings {
  /** Features that the adapter does not offer. */
  readonly without?: readonly GPUFeatureName[];
  /** The adapter tells nothing of itself, as Firefox's. Default false. */
  readonly nameless?: boolean;
  /** Called with the device beneath. */
  readonly onDevice?: (device: GPUDevice) => void;
}

/** A `GPU` for `Device.open`, and the calls made so far on its device, queue, encoders and passes. */
export interface RecordingGpu {
  readonly gpu: Pick<GPU, 'requestAdapter'>;
  /** Reads like `queue.submit`, or `encoder.beginComputePass steps stamped`. */
  readonly calls: string[];
}

/** Errors are watched in tests by scopes, which are no part of a program. */
const IGNORED = new Set(['pushErrorScope', 'popErrorScope', 'addEventListener', 'removeEventListener', 'destroy']);

/** What a call returns is watched too, under this name. */
const WATCHED: Readonly<Record<string, string>> = { createCommandEncoder: 'encoder', beginComputePass: 'pass' };

export function recordingGpu(
  gpu: GPU,
  { without = [], nameless = false, onDevice }: RecordingSettings = {},
): RecordingGpu {
  const calls: string[] = [];
  const watch = <T extends object>(target: T, name: string): T =>
    new Proxy(target, {
      get: (_, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (key === 'queue' && typeof value === 'object' && value !== null) return watch(value, 'queue');
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (!IGNORED.has(String(key))) calls.push([`${name}.${String(key)}`, ...detail(args[0])].join(' '));
          const result: unknown = Reflect.apply(value, target, args);
          const kind = WATCHED[String(key)];
          return kind && typeof result === 'object' && result !== null ? watch(result, kind) : result;
        };
      },
    });
  const requestAdapter = async (options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> => {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter) return null;
    const features = new Set([...adapter.features].filter((name) => !without.some((hidden) => hidden === name)));
    const requestDevice = async (descriptor?: GPUDeviceDescriptor): Promise<GPUDevice> => {
      const device = await adapter.requestDevice(descriptor);
      onDevice?.(device);
      return watch(device, 'device');
    };
    return new Proxy(adapter, {
      get: (_, key) => {
        if (key === 'features') return features;
        if (key === 'requestDevice') return requestDevice;
        if (key === 'info' && nameless) {
          const { isFallbackAdapter, description } = adapter.info;
          const software = isFallbackAdapter || description.includes('SwiftShader');
          return { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: software };
        }
        const value: unknown = Reflect.get(adapter, key, adapter);
        return value;
      },
    });
  };
  return { gpu: { requestAdapter }, calls };
}

/** A pass's label, and whether it is stamped. */
function detail(argument: unknown): string[] {
  if (typeof argument !== 'object' || argument === null) return [];
  return [
    ...('label' in argument && !('mapState' in argument) && typeof argument.label === 'string' ? [argument.label] : []),
    ...('timestampWrites' in argument && argument.timestampWrites ? ['stamped'] : []),
  ];
}
