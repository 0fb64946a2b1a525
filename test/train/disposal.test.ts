// After the end: what is disposed refuses in a sentence, and leaves everybody else alone.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Device } from '../../src/gpu/device';
import { denseNetwork } from '../../src/nn/network';
import { measureCeilings } from '../../src/profile/ceilings';
import { gradientCheck } from '../../src/train/gradient-check';
import { sweep } from '../../src/train/sweep';
import { Trainer } from '../../src/train/trainer';
import { openTestDevice } from '../support/device';
import { madeUp, train } from '../support/made-up';
import { watchDevice } from '../support/validation';

const options = madeUp({ rows: 25, batch: 10 });

const runTo = async (trainer: Trainer, steps: number) => {
  for await (const _ of trainer.run({ steps })) {
    // To the end.
  }
};

/** Everything that a trainer can be asked for that needs the device. */
const USES: Readonly<Record<string, (trainer: Trainer) => Promise<unknown>>> = {
  run: (trainer) => runTo(trainer, 3),
  evaluate: (trainer) => trainer.evaluate(),
  parameters: (trainer) => trainer.parameters(),
  gradients: (trainer) => trainer.gradients(),
  state: (trainer) => trainer.state(),
  schedule: (trainer) => trainer.schedule(),
};

describe('a disposed trainer', () => {
  const disposed = { code: 'usage', message: 'this training is disposed; create another one to go on' };
  let trainer: Trainer;
  let other: Trainer;

  beforeEach(async () => {
    const device = await openTestDevice();
    [trainer, other] = [await Trainer.create(device, options), await Trainer.create(device, options)];
    await runTo(trainer, 4);
    await runTo(other, 4);
  });

  afterEach(() => {
    trainer.dispose();
    other.dispose();
  });

  test.each(Object.entries(USES))('refuses %s, and another one trains on', async (_, use) => {
    trainer.dispose();
    await expect(use(trainer)).rejects.toMatchObject(disposed);
    expect(trainer.hasGradients).toBe(false);
    await runTo(other, 3);
    expect(other.step).toBe(7);
    expect((await other.parameters())[0]!.w.some((weight) => weight !== 0)).toBe(true);
  });

  test.each(Object.entries(USES).filter(([name]) => name !== 'schedule'))(
    'refuses %s that is under way, and another one trains on',
    async (_, use) => {
      const using = expect(use(trainer)).rejects.toMatchObject(disposed);
      trainer.dispose();
      await using;
      await runTo(other, 3);
      expect(other.step).toBe(7);
    },
  );

  test('refuses to go on with the run in whose midst it was disposed', async () => {
    const epochs: number[] = [];
    const all = async () => {
      for await (const { epoch } of trainer.run({ epochs: 5000 })) {
        epochs.push(epoch);
        if (epoch === 5) trainer.dispose();
      }
    };
    await expect(all()).rejects.toMatchObject(disposed);
    expect(epochs.at(-1)).toBeLessThan(5000);
    await runTo(other, 3);
  });

  test('tells what it found, and can be disposed again', async () => {
    trainer.dispose();
    trainer.dispose();
    expect([trainer.step, trainer.epoch, trainer.stepsAnEpoch]).toEqual([4, 1, 3]);
    expect(trainer.timings).toEqual([]);
  });
});

describe('a disposed device', () => {
  const disposed = { code: 'usage', message: 'this device is disposed; open another one with Device.open' };

  async function openDevice(): Promise<Device> {
    const device = await Device.open(navigator.gpu);
    watchDevice(device.gpu);
    return device;
  }

  test('refuses whatever is to be made on it', async () => {
    const device = await openDevice();
    device.dispose();
    device.dispose();
    const { network, optimiser, splits, seed } = options;
    await expect(Trainer.create(device, options)).rejects.toMatchObject(disposed);
    const all = sweep(device, { configurations: [{ network, optimiser, seed }], splits, batch: 'full', epochs: 1 });
    await expect(all.next()).rejects.toMatchObject(disposed);
    await expect(gradientCheck(denseNetwork([9, 4]), splits.train, { device })).rejects.toMatchObject(disposed);
    await expect(measureCeilings(device)).rejects.toMatchObject(disposed);
    await expect(device.guard(() => 1)).rejects.toMatchObject(disposed);
    expect(() => device.createBuffer('late', 4, GPUBufferUsage.COPY_DST)).toThrow(disposed.message);
    expect(device.liveBuffers).toBe(0);
  });

  test('refuses whatever is asked of its trainers, before and meanwhile', async () => {
    const device = await openDevice();
    const refused: Promise<void>[] = [];
    const uses = Object.values(USES).filter((use) => use !== USES['schedule']);
    const trainers: Trainer[] = [];
    for (const _ of uses) {
      const trainer = await Trainer.create(device, options);
      await runTo(trainer, 4);
      trainers.push(trainer);
    }
    for (const [i, use] of uses.entries()) refused.push(expect(use(trainers[i]!)).rejects.toMatchObject(disposed));
    device.dispose();
    await Promise.all(refused);
    for (const [i, use] of uses.entries()) await expect(use(trainers[i]!)).rejects.toMatchObject(disposed);
    for (const trainer of trainers) trainer.dispose();
    expect(device.liveBuffers).toBe(0);
  });

  /** Disposes the device right after so many more submits. */
  function disposeAfter(device: Device, submits: number): void {
    const { queue } = device.gpu;
    const submit = queue.submit.bind(queue);
    let left = submits;
    vi.spyOn(queue, 'submit').mockImplementation((commands) => {
      submit(commands);
      if (--left === 0) device.dispose();
    });
  }

  test('fails a creation that begins', async () => {
    const device = await openDevice();
    disposeAfter(device, 1);
    await expect(Trainer.create(device, options)).rejects.toMatchObject(disposed);
    expect(device.liveBuffers).toBe(0);
  });

  test('fails a creation that tunes, and nothing is remembered', async () => {
    const device = await openDevice();
    disposeAfter(device, 5);
    const store = { read: () => undefined, write: () => expect.fail('stored') };
    // Too many rows for resident steps, which take seconds to compile; time enough on a busy machine.
    const large = madeUp({ sizes: [9, 40, 4], rows: 20_000, batch: 'full' });
    const creation = Trainer.create(device, { ...large, tuning: { budget: 600_000, store } });
    await expect(creation).rejects.toMatchObject(disposed);
    expect(device.liveBuffers).toBe(0);
  });

  test('fails a measurement of ceilings, and nothing is remembered', async () => {
    const device = await openDevice();
    disposeAfter(device, 12);
    const store = { read: () => undefined, write: () => expect.fail('stored') };
    await expect(measureCeilings(device, { store })).rejects.toMatchObject(disposed);
    expect(device.liveBuffers).toBe(0);
  });
});

test('four evaluations at once, also while a run goes on, give what one gives', async () => {
  const trainer = await Trainer.create(await openTestDevice(), options);
  const one = await trainer.evaluate();
  const all = () => Promise.all(Array.from({ length: 4 }, () => trainer.evaluate()));
  expect(await all()).toEqual([one, one, one, one]);
  const run = trainer.run({ epochs: 30, every: 100 });
  await run.next();
  const next = run.next();
  expect(await all()).toHaveLength(4);
  await next;
  await run.return();
  trainer.dispose();
});

test('a training that diverged tells so instead of numbers that mean nothing', async () => {
  const ruined = madeUp({ rows: 25, batch: 'full', learningRate: 3e38 });
  const trainer = await Trainer.create(await openTestDevice(), ruined);
  expect(trainer.divergence).toBeUndefined();
  const told = await train(trainer, [9]).catch((error: unknown) => error);
  expect(told).toMatchObject({ code: 'diverged' });
  for (const use of [trainer.parameters(), trainer.gradients(), trainer.evaluate()]) {
    await expect(use).rejects.toEqual(told);
  }
  expect(trainer.divergence?.tensors[0]).toBe('dense1.w');
  trainer.dispose();
});
