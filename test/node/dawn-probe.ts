// A command line as small as can be: opens Dawn, computes, and reports as JSON. Built and started by dawn.test.ts.
//
// The first argument says where to look for a browser: `everywhere`, `package` (only in the npm package) or `nowhere`; with `wait`
// as the second the device is kept busy, and the turns of the event loop meanwhile are counted.

import { UnderglassError } from '../../src/base/errors';
import { everywhere, type Search } from '../../src/node/chromium';
import { openGpu } from '../../src/node/dawn';

async function placesToLook(): Promise<Search> {
  const search = await everywhere();
  switch (process.argv[2]) {
    case 'package':
      return { ...search, candidates: [] };
    case 'nowhere':
      return { candidates: [], package: undefined };
    default:
      return search;
  }
}

async function probe(): Promise<object> {
  const gpu = await openGpu({ search: await placesToLook() });
  globalThis.gc?.();
  const adapter = await gpu.requestAdapter();
  const device = await adapter?.requestDevice({ requiredFeatures: ['timestamp-query'] });
  if (!adapter || !device) throw new Error('no device');
  const stamps = await emptyPasses(device, 16);
  globalThis.gc?.();
  const wait = process.argv[3] === 'wait' ? await longWait(device) : undefined;
  device.destroy();
  return { architecture: adapter.info.architecture, stamps: stamps.map(String), wait };
}

/** How often the event loop turns while the device copies gigabytes, and how long that takes. */
async function longWait(device: GPUDevice): Promise<{ turns: number; milliseconds: number }> {
  const size = 64 << 20;
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [from, to] = [device.createBuffer({ size, usage }), device.createBuffer({ size, usage })];
  const encoder = device.createCommandEncoder();
  for (let copy = 0; copy < 32; copy++) {
    encoder.copyBufferToBuffer(from, 0, to, 0, size);
  }
  let turns = 0;
  let done = false;
  const count = (): void => {
    turns++;
    if (!done) setImmediate(count);
  };
  const start = performance.now();
  device.queue.submit([encoder.finish()]);
  setImmediate(count);
  await device.queue.onSubmittedWorkDone();
  done = true;
  return { turns, milliseconds: performance.now() - start };
}

/** The timestamps of passes without work. */
async function emptyPasses(device: GPUDevice, passes: number): Promise<bigint[]> {
  const count = 2 * passes;
  const querySet = device.createQuerySet({ type: 'timestamp', count });
  const resolved = device.createBuffer({
    size: 8 * count,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const readBack = device.createBuffer({ size: 8 * count, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  for (let pass = 0; pass < passes; pass += 1) {
    const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * pass, endOfPassWriteIndex: 2 * pass + 1 };
    encoder.beginComputePass({ timestampWrites }).end();
  }
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, readBack, 0, 8 * count);
  device.queue.submit([encoder.finish()]);
  await readBack.mapAsync(GPUMapMode.READ);
  const stamps = [...new BigUint64Array(readBack.getMappedRange())];
  readBack.unmap();
  return stamps;
}

try {
  process.stdout.write(JSON.stringify(await probe()));
} catch (error) {
  if (!(error instanceof UnderglassError)) throw error;
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message }));
  process.exitCode = 3;
}
