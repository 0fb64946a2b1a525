// An unpatched Firefox with WebGPU: on lavapipe, Mesa's software Vulkan driver, or on the GPU of this machine.

import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, launch } from 'puppeteer-core';
import { adapterChoice } from '../../src/node/dawn';

/** A running Firefox, headless, with a profile of its own. */
export interface Firefox {
  readonly browser: Browser;
  /** Ends it and deletes what it left. */
  close(): Promise<void>;
}

const EXECUTABLES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
  win32: ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
};

/** WebGPU is off by default on Linux, and refuses software adapters. */
const PREFERENCES = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
};

/** Starts Firefox; throws an error that says what to install where it or lavapipe is missing. */
export async function launchFirefox(): Promise<Firefox> {
  const executablePath = findFirefox();
  const driver = adapterChoice() === 'software' ? findLavapipe() : undefined;
  const runtime = await mkdtemp(join(tmpdir(), 'underglass-firefox-'));
  const remove = () => rm(runtime, { recursive: true, force: true });
  try {
    const browser = await launch({
      browser: 'firefox',
      executablePath,
      extraPrefsFirefox: PREFERENCES,
      env: {
        ...process.env,
        XDG_RUNTIME_DIR: runtime,
        // The second is the name that Vulkan loaders before 1.3.207 know.
        ...(driver ? { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver } : {}),
      },
    });
    return { browser, close: () => browser.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

function findFirefox(): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const commands = ['firefox-esr', 'firefox'].flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [...commands, ...(EXECUTABLES[process.platform] ?? [])].find((file) => existsSync(file));
  if (found) return found;
  throw new Error('These tests need Firefox; on Debian: apt-get install firefox-esr mesa-vulkan-drivers');
}

/** The manifest of lavapipe's Vulkan driver. */
function findLavapipe(): string {
  for (const folder of ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d']) {
    const manifest = existsSync(folder) && readdirSync(folder).find((file) => /^lvp_icd\..*json$/.test(file));
    if (manifest) return join(folder, manifest);
  }
  throw new Error(
    'These tests need lavapipe, the software Vulkan driver; on Debian: apt-get install mesa-vulkan-drivers ' +
      '(UNDERGLASS_ADAPTER=gpu takes the GPU of this machine instead)',
  );
}
