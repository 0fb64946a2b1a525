// The command line in this process, from its sources.

import { resolve } from 'node:path';
import { vi } from 'vitest';
import { Device } from '../../src/gpu/device';
import type { Ended } from './command-line';
import { openTestDevice } from './device';

let runs = 0;

const exitCode = (): number => Number(process.exitCode ?? 0);

/**
 * Runs a command on the device of the tests, which has to be as free of buffers afterwards: a fraction of the time that a
 * process of its own takes, which starts, opens a device and compiles every kernel anew.
 *
 * The entry point is evaluated anew each time, with the arguments, the streams and the exit code put in its way.
 */
export async function runHere(
  args: readonly string[],
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const argv = process.argv;
  const device = await openTestDevice();
  for (const name of ['FORCE_COLOR', 'NO_COLOR', 'UNDERGLASS_DEBUG']) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.spyOn(Device, 'open').mockResolvedValue(device);
  vi.spyOn(device, 'dispose').mockReturnValue();
  for (const name of ['stdout', 'stderr'] as const) {
    // What it listens to would be heard by the commands after it.
    vi.spyOn(process[name], 'on').mockReturnValue(process[name]);
    vi.spyOn(process[name], 'write').mockImplementation((text, encodingOrDone, done) => {
      written[name] += String(text);
      const told = typeof encodingOrDone === 'function' ? encodingOrDone : done;
      told?.();
      return true;
    });
  }
  try {
    process.argv = [process.execPath, 'underglass', ...args];
    process.exitCode = undefined;
    runs += 1;
    await import(/* @vite-ignore */ `${resolve('src/cli/main.ts')}?run=${runs}`);
    return { code: exitCode(), ...written };
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.argv = argv;
    process.exitCode = undefined;
  }
}
