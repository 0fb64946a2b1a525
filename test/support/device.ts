// The project's own device for tests: one for all files of a worker, so that a pipeline compiles once; watched for errors,
// and checked for leaks after each file.
//
// A setup file, evaluated anew for every test file: what has to last lies outside of it.

import { afterAll, expect } from 'vitest';
import { Device } from '../../src/gpu/device';
import { watchDevice } from './validation';

declare global {
  var underglassTestDevice: Promise<Device> | undefined;
}

/** A `Device` on the tests' adapter; whatever goes wrong on it fails the test that caused it. */
export function openTestDevice(): Promise<Device> {
  globalThis.underglassTestDevice ??= Device.open(navigator.gpu).then((device) => {
    watchDevice(device.gpu);
    // Dawn crashes a process that ends with a device open.
    if (typeof process !== 'undefined') process.once('exit', () => device.dispose());
    return device;
  });
  return globalThis.underglassTestDevice;
}

afterAll(async () => {
  const device = await globalThis.underglassTestDevice;
  if (!device) return;
  await device.gpu.queue.onSubmittedWorkDone();
  const { buffers } = device;
  if (buffers.length > 0) {
    // The next file is not to blame.
    device.dispose();
    globalThis.underglassTestDevice = undefined;
  }
  expect(buffers, 'buffers left alive by the tests of this file').toEqual([]);
});
