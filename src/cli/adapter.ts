// The adapter that a command runs on, with the words for it.

import { setTimeout as pause } from 'node:timers/promises';
import type { Device } from '../index';
import { findSwiftShader } from '../node/chromium';
import { openGpu } from '../node/dawn';
import { openOn } from '../node/device';
import type { Screen } from './screen';

/** An open device, and where it comes from. */
export interface Adapter {
  readonly gpu: GPU;
  /** The one in use: another one after `reopen`. */
  readonly device: Device;
  /** Short, for people. */
  readonly name: string;
  /** The browser or package that a software adapter was taken from. */
  readonly origin: string | undefined;
  /** Opens another device in place of one that was lost. @throws UnderglassError as `Device.open` does */
  readonly reopen: () => Promise<Device>;
}

/** A driver that was reset needs a moment, in ms. */
const RECOVERY_DELAY = 500;

/** Opens the adapter that the environment asks for. @throws UnderglassError as {@link openGpu} and `Device.open` do */
export async function openAdapter(): Promise<Adapter> {
  const gpu = await openGpu();
  let device = await openOn(gpu);
  const { vendor, architecture, description, software } = device.info;
  const name = /swiftshader/i.test(`${architecture} ${description}`)
    ? 'SwiftShader'
    : description || [vendor, architecture].filter(Boolean).join(' ') || 'an adapter without a name';
  const origin = software ? await softwareOrigin() : undefined;
  const reopen = async (): Promise<Device> => {
    device.dispose();
    await pause(RECOVERY_DELAY);
    device = await openOn(gpu);
    return device;
  };
  return {
    gpu,
    get device() {
      return device;
    },
    name,
    origin,
    reopen,
  };
}

/** The facts of it, for {@link printFacts}; plain words if no GPU is at work. */
export function adapterFacts({ colours }: Screen, { name, device, origin }: Adapter): [string, string][] {
  if (!device.info.software) return [['adapter', name]];
  const facts: [string, string][] = [['adapter', `${name}: ${colours.yellow('software on the CPU, no GPU is used')}`]];
  return origin ? [...facts, ['', `out of ${origin}`]] : facts;
}

async function softwareOrigin(): Promise<string | undefined> {
  const found = process.platform === 'linux' ? await findSwiftShader() : undefined;
  return found && process.env.VK_DRIVER_FILES === found.manifest ? found.origin : undefined;
}
