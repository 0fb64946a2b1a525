// A device in Node, in one call.

import { UnderglassError } from '../base/errors';
import { Device } from '../gpu/device';
import { type AdapterChoice, openGpu } from './dawn';

/** How {@link openDevice} opens a device. */
export interface DeviceOptions {
  /** Which adapter to open; if left out, what the environment variable `UNDERGLASS_ADAPTER` asks for, else `any`. */
  readonly adapter?: AdapterChoice;
}

// Dawn's objects crash the process if they are collected before it ends, or if it ends with a device open.
const held: Device[] = [];

/**
 * Opens a device of this machine: of its GPU where there is one, else of SwiftShader, the software adapter of an installed
 * Chrome or Chromium, or of the npm package `@sparticuz/chromium`.
 *
 * The process may end whenever it likes; `device.dispose()` frees the memory before that.
 *
 * @throws UnderglassError `no-webgpu` where Dawn cannot be loaded, `no-adapter` where there is no adapter, `usage` for an
 * unknown choice or option
 */
export async function openDevice(options: DeviceOptions = {}): Promise<Device> {
  const unknown = Object.keys(options).find((name) => name !== 'adapter');
  if (unknown !== undefined) {
    throw new UnderglassError('usage', `openDevice has no option ${unknown}; it takes adapter.`);
  }
  return openOn(await openGpu(options));
}

/** Opens a device of a `GPU` that Dawn gave. @throws UnderglassError as `Device.open` does */
export async function openOn(gpu: GPU): Promise<Device> {
  const device = await Device.open(gpu);
  if (held.length === 0) process.once('exit', () => held.forEach((each) => each.dispose()));
  held.push(device);
  return device;
}
