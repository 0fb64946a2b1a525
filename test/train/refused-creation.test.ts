// A creation that is refused, wherever that happens on its way, leaves nothing on the device.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { UnderglassError } from '../../src/base/errors';
import type { Device } from '../../src/gpu/device';
import { sweep } from '../../src/train/sweep';
import { Trainer, type TrainerOptions } from '../../src/train/trainer';
import { openTestDevice } from '../support/device';
import { madeUp } from '../support/made-up';

afterEach(() => vi.restoreAllMocks());

/** Lets the device refuse the buffer, or the pipeline, of this number. @returns how many were asked for */
function refuse(
  device: Device,
  what: 'buffer' | 'pipeline',
  number: number,
): { readonly count: () => number; readonly idle: () => Promise<void> } {
  let count = 0;
  const compiling: Promise<unknown>[] = [];
  const refusal = () => new UnderglassError('limit', `${what} ${number} is refused`);
  const createBuffer = device.createBuffer.bind(device);
  vi.spyOn(device, 'createBuffer').mockImplementation((...args) => {
    if (what === 'buffer' && count++ === number) throw refusal();
    return createBuffer(...args);
  });
  const pipeline = device.pipelines.pipeline.bind(device.pipelines);
  vi.spyOn(device.pipelines, 'pipeline').mockImplementation((...args) => {
    const refused = what === 'pipeline' && count++ === number;
    const made = refused ? Promise.reject(refusal()) : pipeline(...args);
    compiling.push(made);
    return made;
  });
  const idle = async () => {
    for (let seen = -1; seen < compiling.length; ) {
      seen = compiling.length;
      await Promise.allSettled(compiling);
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  return { count: () => count, idle };
}

const shape = { rows: 25, batch: 10, profile: true } as const;
const trainings: Readonly<Record<string, TrainerOptions>> = {
  chained: madeUp({ ...shape, runner: 'chained' }),
  resident: madeUp({ ...shape, runner: 'resident' }),
};

describe.each(Object.entries(trainings))('a training, %s', (_, options) => {
  test.each(['buffer', 'pipeline'] as const)('of which any one %s is refused', async (what) => {
    const device = await openTestDevice();
    const before = device.buffers;
    const whole = refuse(device, what, -1);
    (await Trainer.create(device, options)).dispose();
    vi.restoreAllMocks();
    expect(whole.count()).toBeGreaterThan(5);
    expect(device.buffers).toEqual(before);
    for (let number = 0; number < whole.count(); number++) {
      const { idle } = refuse(device, what, number);
      await expect(Trainer.create(device, options)).rejects.toThrow(`${what} ${number} is refused`);
      await idle();
      expect(device.buffers, `${what} ${number}`).toEqual(before);
      vi.restoreAllMocks();
    }
  });
});

test('a training whose memory turns out too small once all is made', async () => {
  const device = await openTestDevice();
  const before = device.buffers;
  class GPUOutOfMemoryError extends Error {}
  vi.spyOn(device.gpu, 'popErrorScope').mockImplementationOnce(() => Promise.resolve(new GPUOutOfMemoryError('full')));
  const creation = Trainer.create(device, trainings['chained']!);
  await expect(creation).rejects.toMatchObject({ code: 'out-of-memory' });
  // The scope that was not asked is still open.
  vi.restoreAllMocks();
  await device.gpu.popErrorScope();
  expect(device.buffers).toEqual(before);
});

test('a sweep', async () => {
  const device = await openTestDevice();
  const before = device.buffers;
  const { network, optimiser, splits, seed } = madeUp(shape);
  const configurations = [seed, seed + 1].map((each) => ({ network, optimiser, seed: each }));
  const { idle } = refuse(device, 'pipeline', 0);
  const all = sweep(device, { configurations: configurations.slice(0, 1), splits, batch: 'full', epochs: 2 });
  await expect(all.next()).rejects.toThrow('pipeline 0 is refused');
  await idle();
  expect(device.buffers).toEqual(before);
});
