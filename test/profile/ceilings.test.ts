// Ceilings: the probes do the work that they are credited with, and what is remembered is used only where it makes sense.

import { expect, test } from 'vitest';
import { Device } from '../../src/gpu/device';
import { mapped } from '../../src/gpu/readback';
import { type Ceilings, type CeilingsStore, measureCeilings } from '../../src/profile/ceilings';
import { type Probe, Probes } from '../../src/profile/ceilings-probes';
import { openTestDevice } from '../support/device';
import { recordingGpu } from '../support/recording-device';
import { watchDevice } from '../support/validation';

const NAMES = ['flops', 'memory', 'cache', 'launch'] as const;
const KNOWN: Ceilings = {
  flops: 4e9,
  memory: 3e9,
  cache: 2e9,
  cacheBytes: 32_768,
  launch: 1e-5,
  spread: {
    flops: { low: 3e9, high: 4e9 },
    memory: { low: 3e9, high: 3e9 },
    cache: { low: 1e9, high: 3e9 },
    launch: { low: 1e-5, high: 2e-5 },
  },
};

class MapStore implements CeilingsStore {
  readonly entries = new Map<string, string>();
  /** What every key gives, where nothing was written. */
  readonly #text: string | undefined;
  constructor(text?: string) {
    this.#text = text;
  }
  read = (key: string): string | undefined => this.entries.get(key) ?? this.#text;
  write = (key: string, text: string): void => void this.entries.set(key, text);
}

/** The results of a probe's threads after it ran. */
async function resultsOf(device: Device, probes: Probes): Promise<Float32Array> {
  const { results } = probes.memory;
  const staging = device.createBuffer('staging', results.size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  const encoder = device.gpu.createCommandEncoder({ label: 'results' });
  encoder.copyBufferToBuffer(results, 0, staging, 0, results.size);
  device.gpu.queue.submit([encoder.finish({ label: 'results' })]);
  await mapped(device, staging);
  const numbers = new Float32Array(staging.getMappedRange().slice(0));
  staging.unmap();
  device.destroyBuffer(staging);
  return numbers;
}

/** Fills a source with ones, so that a sum counts what was read. */
function fill(device: Device, buffer: GPUBuffer): void {
  const part = new Float32Array(Math.min(buffer.size, 2 ** 24) / 4).fill(1);
  for (let offset = 0; offset < buffer.size; offset += part.byteLength) {
    device.gpu.queue.writeBuffer(buffer, offset, part);
  }
}

const sum = (numbers: Float32Array): number => numbers.reduce((total, value) => total + value, 0);

/** What all threads add up after `turns` turns; whole numbers below 2^24, so exact in 32 bits. */
async function counted(device: Device, probes: Probes, probe: Probe, turns: number): Promise<number> {
  await probe.run(turns);
  return sum(await resultsOf(device, probes));
}

test('every probe does the work that it is credited with', async () => {
  const device = await openTestDevice();
  const probes = await Probes.create(device);
  fill(device, probes.memory.small);
  fill(device, probes.memory.large);
  const all = [...probes.all, ...probes.extents.map(({ probe }) => probe)];
  for (const probe of all.filter(({ ceiling }) => ceiling !== 'launch')) {
    // Chains begin at numbers of their own, so only the difference counts links.
    const difference = (await counted(device, probes, probe, 7)) - (await counted(device, probes, probe, 2));
    // A link adds 1 to four numbers: 4 products and 4 sums, or 16 and 16 with a matrix. A number read is 4 bytes.
    const floats = probe.label.includes('blocks chains') ? difference * 8 : difference * 2;
    const work = probe.ceiling === 'flops' ? floats : difference * 4;
    expect(work, probe.label).toBe(5 * probe.amount);
  }
  probes.dispose();
});

test('the chains follow the recurrence c = factor c + term', async () => {
  const device = await openTestDevice();
  const probes = await Probes.create(device);
  const [factor, term, turns] = [0.875, 0.25, 1];
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const factors = Float32Array.from([factor, term, 0, 0, ...identity.map((value) => factor * value)]);
  device.gpu.queue.writeBuffer(probes.memory.factors, 0, factors);
  for (const [name, chains, links] of [
    ['narrow chains, fused', 3, 16],
    ['narrow chains, product and sum', 3, 16],
    ['wide chains', 8, 8],
    ['blocks chains', 2, 8],
  ] as const) {
    await probes.all.find(({ label }) => label.includes(name))!.run(turns);
    const results = await resultsOf(device, probes);
    for (const thread of [0, 5, 21]) {
      let expected = 0;
      for (let chain = 0; chain < chains; chain++) {
        let c = (thread % 16) + chain;
        for (let i = 0; i < turns * links; i++) c = factor * c + term;
        expected += c;
      }
      // One more or less link would move a chain by more than 1e-2; 32 bits round each link to 6e-8.
      expect(Math.abs(results[4 * thread]! / expected - 1), `${name}, thread ${thread}`).toBeLessThan(1e-5);
    }
  }
  probes.dispose();
});

test('each launch waits for the one before', async () => {
  const device = await openTestDevice();
  const probes = await Probes.create(device);
  const launch = probes.all.find(({ ceiling }) => ceiling === 'launch')!;
  expect(launch.amount).toBe(1);
  await launch.run(300);
  expect((await resultsOf(device, probes))[0]).toBe(300);
  probes.dispose();
});

test('measures positive numbers, remembers them, and leaves no buffer', async () => {
  const device = await openTestDevice();
  const store = new MapStore();
  const measured = await measureCeilings(device, { store });
  for (const name of NAMES) {
    const { low, high } = measured.spread![name];
    expect(low, name).toBeGreaterThan(0);
    expect(measured[name], name).toBeGreaterThanOrEqual(low);
    expect(high, name).toBeGreaterThanOrEqual(measured[name]);
    expect(high, name).toBeLessThan(Number.POSITIVE_INFINITY);
  }
  // A power of two: a cache of 32 KiB, or one of the sizes beyond it.
  expect(Number.isInteger(Math.log2(measured.cacheBytes))).toBe(true);
  expect(device.liveBuffers).toBe(0);
  expect([...store.entries.values()].map((text): unknown => JSON.parse(text))).toEqual([measured]);
  expect(await measureCeilings(device, { store })).toEqual(measured);
});

test('what is remembered is taken as it is', async () => {
  const store = new MapStore(JSON.stringify(KNOWN));
  expect(await measureCeilings(await openTestDevice(), { store })).toEqual(KNOWN);
  expect(store.entries.size).toBe(0);
});

test.each([
  'truncated {"flops": 1',
  'null',
  '[1, 2, 3, 4]',
  '{"flops":4e9,"memory":3e9,"cache":2e9,"cacheBytes":32768,"launch":1e-5}',
  ...[
    { flops: '4e9' },
    { flops: -4e9 },
    { cacheBytes: 0 },
    { cacheBytes: undefined },
    { spread: { ...KNOWN.spread, memory: { low: 4e9, high: 5e9 } } },
    // What an idle submit of 12 ms once made of an adapter: 2.10 PFLOP/s, 524 TB/s, a launch of no time.
    { flops: 2.1e15, spread: { ...KNOWN.spread, flops: { low: 2.1e15, high: 2.1e15 } } },
    { memory: 524e12, spread: { ...KNOWN.spread, memory: { low: 524e12, high: 524e12 } } },
    { launch: 1e-12, spread: { ...KNOWN.spread, launch: { low: 1e-12, high: 1e-12 } } },
  ].map((change) => JSON.stringify({ ...KNOWN, ...change })),
])('%s is not taken for ceilings', async (text) => {
  const device = await openTestDevice();
  const stop = new AbortController();
  stop.abort(new Error('measuring began'));
  const asked = measureCeilings(device, { store: new MapStore(text), signal: stop.signal });
  await expect(asked).rejects.toThrow('measuring began');
  expect(device.liveBuffers).toBe(0);
});

test('an adapter without a name could be any, so nothing is remembered of it, and nothing recalled', async () => {
  const device = await Device.open(recordingGpu(navigator.gpu, { nameless: true, onDevice: watchDevice }).gpu);
  const store = new MapStore(JSON.stringify(KNOWN));
  const stop = new AbortController();
  stop.abort(new Error('measuring began'));
  await expect(measureCeilings(device, { store, signal: stop.signal })).rejects.toThrow('measuring began');
  await measureCeilings(device, { store });
  expect(store.entries.size).toBe(0);
  device.dispose();
});

test('a device that is disposed meanwhile gives no ceilings, and leaves none in the store', async () => {
  const device = await Device.open(recordingGpu(navigator.gpu).gpu);
  const store = new MapStore();
  const asked = measureCeilings(device, { store });
  device.dispose();
  await expect(asked).rejects.toMatchObject({ name: 'UnderglassError' });
  expect(store.entries.size).toBe(0);
  expect(device.liveBuffers).toBe(0);
});

test('stops where the signal says so, and leaves no buffer', async () => {
  const device = await openTestDevice();
  const store = new MapStore();
  const stop = new AbortController();
  const asked = measureCeilings(device, { store, signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
  expect(device.liveBuffers).toBe(0);
  expect(store.entries.size).toBe(0);
});
