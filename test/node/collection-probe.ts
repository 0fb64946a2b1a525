// Opens devices one after the other, each on a `GPU` that nothing else holds, and reports which are collected. Built and started by
// dawn.test.ts, with `--expose-gc`.

import { create } from 'webgpu';
import { openGpu } from '../../src/node/dawn';
import { Device } from '../../src/gpu/device';

const DEVICES = 4;

/** Collections, at most, until everything that can be collected is: some objects go a turn after those that hold them. */
const COLLECTIONS = 20;

/** Collects in a turn of its own: what a `WeakRef` was asked for stays to the end of the turn. */
async function collect(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  globalThis.gc?.();
}

/** Uses a device across collections, and ends it where that is wanted. */
async function use(disposes: boolean): Promise<WeakRef<Device>> {
  const device = await Device.open(create([]));
  const buffer = device.createBuffer('probe', 2 ** 16, GPUBufferUsage.COPY_DST);
  await collect();
  await collect();
  device.gpu.queue.writeBuffer(buffer, 0, new Uint8Array(2 ** 16));
  await device.gpu.queue.onSubmittedWorkDone();
  device.destroyBuffer(buffer);
  if (disposes) {
    device.dispose();
    await device.gpu.lost;
  }
  return new WeakRef(device);
}

// Finds an adapter for Dawn, and keeps a `GPU` of its own.
await openGpu();
const disposes = process.argv[2] === 'dispose';
const devices: WeakRef<Device>[] = [];
for (let i = 0; i < DEVICES; i++) devices.push(await use(disposes));
const alive = () => devices.filter((device) => device.deref()).length;
for (let i = 0; i < COLLECTIONS && alive() > 0; i++) await collect();
process.stdout.write(JSON.stringify({ opened: DEVICES, alive: alive() }));
