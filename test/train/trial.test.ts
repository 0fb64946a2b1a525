// What tuning chose, tried again in training: the same bits, nothing made in the loop, and dropped as a whole where it does not hold.

import { afterAll, describe, expect, test } from 'vitest';
import { Device } from '../../src/gpu/device';
import type { TuningOptions } from '../../src/schedule/tuner';
import { Group } from '../../src/train/group';
import type { GroupOptions } from '../../src/train/group-options';
import { setUp } from '../../src/train/setup';
import { openTestDevice } from '../support/device';
import { madeUp } from '../support/made-up';
import { recordingGpu } from '../support/recording-device';
import { watchDevice } from '../support/validation';

/** A memory in which another variant than the default was chosen for every operation; what is written replaces that. */
class ChosenOtherwise {
  readonly written = new Map<string, string>();
  read = (key: string): string => {
    const parts: unknown = JSON.parse(key);
    const names: unknown = Array.isArray(parts) ? parts.at(-1) : undefined;
    if (this.written.has(key) || !Array.isArray(parts) || !Array.isArray(names) || parts[0] === 'trial') {
      return this.written.get(key) ?? '';
    }
    const choice: unknown = parts[1] === 'step' ? names[0] : (names[1] ?? names[0]);
    return JSON.stringify({ choice, tried: names, tallies: {} });
  };
  write = (key: string, text: string): void => void this.written.set(key, text);
}

const optionsOf = (changes: Partial<GroupOptions>): GroupOptions => {
  const { optimiser, seed, ...rest } = madeUp({ rows: 64, batch: 16, sizes: [24, 16, 4] });
  return { ...rest, members: [{ optimiser, seed }], ...changes };
};

const remembered = (store = new ChosenOtherwise()): TuningOptions => ({ store, budget: 0 });

const variantsOf = ({ dispatches }: Awaited<ReturnType<Group['schedule']>>) =>
  dispatches.map(({ variant }) => variant.name);

describe('a choice on trial', () => {
  test('gives the bits of the defaults: scores, parameters, gradients', async () => {
    const results = [];
    for (const tuning of [undefined, remembered()]) {
      const group = await Group.create(await openTestDevice(), optionsOf(tuning ? { tuning } : {}));
      if (tuning)
        expect(group.tuned.some(({ variant, remembered: isKnown }) => isKnown && variant !== 'chained')).toBe(true);
      const reports = [];
      for await (const { epoch, members } of group.run({ epochs: 40, every: 5 })) reports.push({ epoch, members });
      results.push({ reports, parameters: await group.parameters(), gradients: await group.gradients() });
      group.dispose();
    }
    expect(results[1]).toEqual(results[0]);
  });

  test('that does not hold is dropped as a whole, for the run and from the memory', async () => {
    const device = await openTestDevice();
    const store = new ChosenOtherwise();
    const setup = await setUp(device, optionsOf({ tuning: remembered(store), profile: true }));
    const plain = await setUp(device, optionsOf({ profile: false }));
    const defaults = variantsOf(await plain.schedule());
    expect(variantsOf(await setup.schedule())).not.toEqual(defaults);
    for (let place = 0; place < 40; place++) {
      const encoder = device.gpu.createCommandEncoder();
      setup.runner.record(encoder, 0, 1);
      device.gpu.queue.submit([encoder.finish()]);
      // Choice and default take turns: one, two, two, ...
      setup.trial.finished(setup.trial.turn, place % 4 === 0 || place % 4 === 3 ? 1.4 : 1);
    }
    expect(variantsOf(await setup.schedule())).toEqual(defaults);
    expect(variantsOf(setup.profiler!.schedule)).toEqual(defaults);
    expect(setup.tuned().some(({ dropped }) => dropped)).toBe(true);
    const operations = setup.tuned().filter(({ kernel }) => kernel !== 'step');
    expect(operations.map(({ variant }) => variant)).toEqual(defaults);
    const again = await setUp(device, optionsOf({ tuning: remembered(store), profile: false }));
    expect(variantsOf(await again.schedule())).toEqual(defaults);
    for (const made of [setup, plain, again]) made.dispose();
  });

  test('that has held is not tried again', async () => {
    const device = await openTestDevice();
    const store = new ChosenOtherwise();
    const first = await setUp(device, optionsOf({ tuning: remembered(store) }));
    for (let turn = 0; turn < 40; turn++) first.trial.finished(turn, turn % 4 === 0 || turn % 4 === 3 ? 0.8 : 1);
    expect([...store.written.values()]).toEqual([expect.stringMatching(/^{"wins":\d+,"losses":0}$/)]);
    const again = await setUp(device, optionsOf({ tuning: remembered(store) }));
    expect(again.trial).not.toBe(again.runner);
    for (const made of [first, again]) made.dispose();
  });
});

describe('calls of WebGPU', () => {
  let device: Device | undefined;
  afterAll(() => {
    device?.dispose();
    expect(device?.liveBuffers).toBe(0);
  });

  test('a trial makes nothing in the loop, and adds no call to it', async () => {
    const recording = recordingGpu(navigator.gpu, { onDevice: watchDevice });
    device = await Device.open(recording.gpu);
    const loops = [];
    for (const tuning of [undefined, remembered()]) {
      const group = await Group.create(device, optionsOf(tuning ? { tuning, profile: false } : { profile: false }));
      for await (const { epoch } of group.run({ epochs: 60, every: 60 })) if (epoch === 0) recording.calls.length = 0;
      loops.push([...recording.calls]);
      group.dispose();
    }
    for (const calls of loops) {
      expect(new Set(calls.filter((call) => call.startsWith('device.')))).toEqual(
        new Set(['device.createCommandEncoder steps']),
      );
    }
    const kinds = (calls: readonly string[]) => [...new Set(calls)].toSorted();
    expect(kinds(loops[1]!)).toEqual(kinds(loops[0]!));
    const dispatches = loops.map((calls) => calls.filter((call) => call === 'pass.dispatchWorkgroups').length);
    expect(dispatches[1]).toBe(dispatches[0]);
  });
});
