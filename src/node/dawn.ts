// WebGPU in Node: Dawn's GPU object, on the machine's own GPU or else on SwiftShader.
//
// Dawn's Vulkan backend opens `libvulkan.so.1` by name. A bare machine has none, and setting LD_LIBRARY_PATH is too late
// once the process runs, but the dynamic linker answers a request for a library by name with one that is already
// loaded under that name. So the loader that comes with Chromium is loaded by its path beforehand, and told by
// VK_DRIVER_FILES, which it reads when Dawn creates its Vulkan instance, to use SwiftShader beside it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { UnderglassError } from '../base/errors';
import { findSwiftShader, packageCommand, type Search } from './chromium';
import { restWhileWaiting } from './dawn-waits';

/** How {@link openGpu} opens Dawn. */
export interface DawnOptions {
  /** Which adapter to open; if left out, what the environment asks for: see {@link adapterChoice}. */
  readonly adapter?: AdapterChoice;
  /** Flags for Dawn, such as `enable-dawn-features=dump_shaders`. */
  readonly flags?: readonly string[];
  /** Where to look for a browser with SwiftShader; everywhere if left out. */
  readonly search?: Search;
}

/** Which adapter the user asks for; `any` is the machine's GPU, or SwiftShader where there is none. */
export type AdapterChoice = 'any' | 'gpu' | 'software';

// Dawn's objects crash the process if they are collected before it ends.
const held: GPU[] = [];

/**
 * Dawn's `GPU`, whose `requestAdapter()` gives an adapter; also defines WebGPU's globals (`GPUBufferUsage` and so on).
 *
 * Timestamps are exact: Dawn's rounding to 65,536 ns is switched off. The object is never collected. Whoever opens a
 * device keeps a reference to it, awaits every `mapAsync()` and calls `device.destroy()`: Dawn in Node crashes otherwise.
 *
 * @throws UnderglassError `no-webgpu` where Dawn cannot be loaded, `no-adapter` where there is no adapter,
 * `usage` for an unknown choice.
 */
export async function openGpu(options: DawnOptions = {}): Promise<GPU> {
  const choice = options.adapter === undefined ? adapterChoice() : oneOf(options.adapter, 'adapter');
  const create = await importDawn();
  const flags = withExactTimestamps(options.flags ?? []);
  const open = async (): Promise<GPU | undefined> => {
    const gpu = create(flags);
    held.push(gpu);
    return (await gpu.requestAdapter()) ? gpu : undefined;
  };

  if (process.platform !== 'linux') {
    const gpu = choice === 'software' ? undefined : await open();
    if (gpu) return gpu;
    throw new UnderglassError(
      'no-adapter',
      choice === 'software'
        ? 'Node gets a software adapter on Linux only; unset UNDERGLASS_ADAPTER to use the GPU of this machine.'
        : 'Dawn finds no GPU on this machine; update its graphics driver, or train in the browser.',
    );
  }

  const software = await findSwiftShader(options.search);
  const openDriver = async (): Promise<GPU | undefined> => {
    // Without a driver Dawn would only complain on stderr.
    if (!namesDriver() && !hasVulkanDriver()) return undefined;
    return loadVulkan('libvulkan.so.1') || loadVulkan(software?.loader) ? open() : undefined;
  };
  const openSoftware = async (): Promise<GPU | undefined> => {
    if (!software || !(loadVulkan('libvulkan.so.1') || loadVulkan(software.loader))) return undefined;
    process.env.VK_DRIVER_FILES = software.manifest;
    // The name that loaders before 1.3.207 know.
    process.env.VK_ICD_FILENAMES = software.manifest;
    return open();
  };
  if (choice === 'gpu') {
    const gpu = await openDriver();
    if (gpu) return gpu;
    throw new UnderglassError(
      'no-adapter',
      'UNDERGLASS_ADAPTER=gpu, but this machine has no GPU with a Vulkan driver; install one (such as ' +
        'mesa-vulkan-drivers), or unset UNDERGLASS_ADAPTER to use the software adapter.',
    );
  }
  // Drivers that find no GPU complain on stderr; without one, they come last, since there is lavapipe among them.
  const ways = namesDriver() || hasGpu() ? [openDriver, openSoftware] : [openSoftware, openDriver];
  for (const way of choice === 'software' ? [openSoftware] : ways) {
    const gpu = await way();
    if (gpu) return gpu;
  }
  throw new UnderglassError(
    'no-adapter',
    software
      ? `There is no GPU here, and the software adapter of ${software.origin} cannot be used; update that browser.`
      : 'There is no GPU here with a Vulkan driver, and no browser whose software adapter could take its place; install ' +
          `Chrome or Chromium (not as a snap)${process.arch === 'x64' ? `, or: ${packageCommand()}` : ''}.`,
  );
}

/**
 * The adapter that the environment variable `UNDERGLASS_ADAPTER` asks for, `any` if it is unset or empty.
 *
 * @throws UnderglassError `usage` if it is none of `any`, `gpu` and `software`.
 */
export function adapterChoice(): AdapterChoice {
  return oneOf(process.env.UNDERGLASS_ADAPTER || 'any', 'UNDERGLASS_ADAPTER');
}

function oneOf(value: string, name: string): AdapterChoice {
  if (value === 'any' || value === 'gpu' || value === 'software') return value;
  throw new UnderglassError('usage', `${name} is "${value}"; use any, gpu or software.`);
}

let dawn: typeof import('webgpu') | undefined;

/** Dawn's way to a `GPU`; defines WebGPU's globals when first called. */
async function importDawn(): Promise<typeof import('webgpu').create> {
  try {
    if (!dawn) {
      dawn = await import('webgpu');
      Object.assign(globalThis, dawn.globals);
      restWhileWaiting();
    }
    return dawn.create;
  } catch (error) {
    throw new UnderglassError(
      'no-webgpu',
      `Dawn, the npm package webgpu, cannot be loaded on ${process.platform}-${process.arch} with Node ` +
        `${process.versions.node}; run npm install webgpu, or train in the browser.`,
      { cause: error },
    );
  }
}

const DISABLED = 'disable-dawn-features=';

/** Dawn takes one list of features to switch off. */
function withExactTimestamps(flags: readonly string[]): string[] {
  const disabled = flags.filter((flag) => flag.startsWith(DISABLED)).map((flag) => flag.slice(DISABLED.length));
  const others = flags.filter((flag) => !flag.startsWith(DISABLED));
  return [...others, DISABLED + ['timestamp_quantization', ...disabled].join(',')];
}

/** Loads a Vulkan loader for good, by path or by name, and says whether one is loaded now. */
function loadVulkan(file: string | undefined): boolean {
  if (file === undefined) return false;
  // Not among Node's constants: keep the library when Node closes it again because it is no add-on.
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, file, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch {
    // Always: a Vulkan loader is no add-on.
  }
  return readFileSync('/proc/self/maps', 'latin1').includes('/libvulkan.so');
}

/** Whether the user names Vulkan drivers. */
function namesDriver(): boolean {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES, VK_ADD_DRIVER_FILES } = process.env;
  return Boolean(VK_DRIVER_FILES || VK_ICD_FILENAMES || VK_ADD_DRIVER_FILES);
}

/** Whether there is a file by which some Linux driver reaches a GPU: of the kernel's own drivers, NVIDIA's, WSL's, Qualcomm's or Arm's. */
function hasGpu(): boolean {
  const render = existsSync('/dev/dri') && readdirSync('/dev/dri').some((file) => file.startsWith('renderD'));
  return render || ['/dev/nvidiactl', '/dev/dxg', '/dev/kgsl-3d0', '/dev/mali0'].some((file) => existsSync(file));
}

/** Whether a driver's manifest lies where Vulkan loaders look for one. */
function hasVulkanDriver(): boolean {
  const env = process.env;
  const roots = [
    env.XDG_CONFIG_HOME ?? join(homedir(), '.config'),
    ...(env.XDG_CONFIG_DIRS ?? '/etc/xdg').split(delimiter),
    '/etc',
    '/usr/local/etc',
    env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'),
    ...(env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(delimiter),
    '/usr/local/share',
    '/usr/share',
  ];
  return roots.some((root) => {
    const folder = join(root, 'vulkan', 'icd.d');
    return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json'));
  });
}
