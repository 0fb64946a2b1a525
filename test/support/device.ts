// The project's own device for tests: opened once a file, watched for errors, checked for leaks at the end.

import { afterAll, expect } from 'vitest';
import { Device } from '../../src/gpu/device';
import { watchDevice } from './validation';

let opened: Promise<Device> | undefined;

/** A `Device` on the tests' adapter; whatever goes wrong on it fails the test that caused it. */
export function openTestDevice(): Promise<Device> {
  opened ??= Device.open(navigator.gpu).then((device) => {
    watchDevice(device.gpu);
    return device;
  });
  return opened;
}

afterAll(async () => {
  const device = await opened;
  await device?.gpu.queue.onSubmittedWorkDone();
  device?.dispose();
  expect(device?.liveBuffers ?? 0, 'buffers left alive by the tests of this file').toBe(0);
});
