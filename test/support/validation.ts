// WebGPU's errors as test failures: whatever goes wrong on a watched device fails the test that caused it.
//
// Around every test lie error scopes, so that an error is known before the test ends. Errors outside of any test fail the next one,
// or the file. A test that provokes an error pushes a scope of its own. Scopes belong to a device, not to a test: no
// `test.concurrent` with a watched device.

import { afterAll, afterEach, beforeEach } from 'vitest';

const FILTERS: readonly GPUErrorFilter[] = ['validation', 'out-of-memory', 'internal'];
const WANTED: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups'];

interface Watch {
  readonly devices: Set<GPUDevice>;
  /** Those with scopes open. */
  readonly scoped: Set<GPUDevice>;
  readonly problems: string[];
  running: boolean;
  device: Promise<GPUDevice> | undefined;
}

// The runner and the test file may load this file twice; and in Node a device must not be collected before the end.
declare global {
  var underglassWatch: Watch | undefined;
}
const watch = (globalThis.underglassWatch ??= {
  devices: new Set(),
  scoped: new Set(),
  problems: [],
  running: false,
  device: undefined,
});

/** The device of this test file, with `timestamp-query` and `subgroups` where the adapter has them; opened once, destroyed at the end of the file. */
export async function testDevice(): Promise<GPUDevice> {
  watch.device ??= openDevice();
  return watch.device;
}

/** Makes errors on this device, and its loss, fail the test that is running. */
export function watchDevice(device: GPUDevice): GPUDevice {
  if (watch.devices.has(device)) return device;
  watch.devices.add(device);
  device.addEventListener('uncapturederror', (event) => watch.problems.push(event.error.message));
  void device.lost.then(({ reason, message }) => {
    watch.scoped.delete(device);
    if (reason !== 'destroyed') watch.problems.push(`The device was lost: ${message}`);
  });
  if (watch.running) pushScopes(device);
  return device;
}

async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('no WebGPU adapter');
  const requiredFeatures = WANTED.filter((feature) => adapter.features.has(feature));
  return watchDevice(await adapter.requestDevice({ label: 'test', requiredFeatures }));
}

function pushScopes(device: GPUDevice): void {
  watch.scoped.add(device);
  for (const filter of FILTERS) device.pushErrorScope(filter);
}

async function popScopes(device: GPUDevice): Promise<void> {
  const errors = await Promise.all(FILTERS.map(() => device.popErrorScope()));
  for (const error of errors) if (error) watch.problems.push(error.message);
}

function reportProblems(): void {
  const problems = watch.problems.splice(0);
  if (problems.length > 0) throw new Error(`WebGPU reported: ${problems.join('\n')}`);
}

beforeEach(() => {
  watch.running = true;
  for (const device of watch.devices) pushScopes(device);
});

afterEach(async () => {
  watch.running = false;
  const devices = [...watch.scoped];
  watch.scoped.clear();
  for (const device of devices) await popScopes(device);
  reportProblems();
});

afterAll(async () => {
  const device = await watch.device;
  // What the file left in the queue may still fail.
  await device?.queue.onSubmittedWorkDone();
  device?.destroy();
  reportProblems();
});
