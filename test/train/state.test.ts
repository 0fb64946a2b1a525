// The state of a training: what goes on from it is the training that was never interrupted.

import { describe, expect, inject, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { Device } from '../../src/gpu/device';
import { Group } from '../../src/train/group';
import { Trainer } from '../../src/train/trainer';
import { openTestDevice } from '../support/device';
import { madeUp, train } from '../support/made-up';
import { watchDevice } from '../support/validation';

/** Where a training is broken off: at its beginning, within and between epochs, and where row orders are drawn anew. */
const SHAPES = [
  { what: 'full batches', rows: 25, batch: 'full' as const, steps: 260, breaks: [7, 256] },
  { what: 'minibatches', rows: 30, batch: 10, steps: 300, breaks: [0, 255] },
  { what: 'a short last batch', rows: 25, batch: 10, steps: 40, breaks: [2, 30] },
  // The table of row orders holds 4 epochs of 64 steps.
  { what: 'more epochs than orders in memory', rows: 64, batch: 1, steps: 600, breaks: [250, 513] },
];

describe.each(['chained', 'resident'] as const)('%s', (runner) => {
  test.for(SHAPES)('$what: goes on from plain data to the same bits', async (row, { skip }) => {
    const { what, breaks, steps, ...shape } = row;
    skip(runner === 'resident' && what === 'full batches' && !inject('full'), 'only in npm run test:full');
    const device = await openTestDevice();
    const options = madeUp({ ...shape, sizes: [9, 5, 4], runner });
    const whole = await Trainer.create(device, options);
    const uncut = await train(whole, [steps], 20);
    whole.dispose();
    for (const step of breaks) {
      const before = await Trainer.create(device, options);
      if (step > 0) await train(before, [step], 20);
      const state = structuredClone(await before.state());
      before.dispose();
      const after = await Trainer.create(device, { ...options, from: state });
      expect([after.step, after.epoch]).toEqual([step, Math.floor(step / after.stepsAnEpoch)]);
      const { reports, ...left } = await train(after, [steps - step], 20);
      expect(left, `broken off at step ${step}`).toEqual({ parameters: uncut.parameters, gradients: uncut.gradients });
      const rest = uncut.reports.filter(({ epoch }) => (step === 0 ? true : epoch * after.stepsAnEpoch > step));
      expect(reports).toEqual(rest);
      after.dispose();
    }
  });
});

test('a state taken at a report, with steps in flight, goes on on another device', async () => {
  const options = madeUp({ rows: 25, batch: 10, sizes: [9, 4] });
  const device = await openTestDevice();
  const before = await Trainer.create(device, options);
  let state: Awaited<ReturnType<Trainer['state']>> | undefined;
  for await (const { epoch } of before.run({ epochs: 400, every: 1000 })) {
    if (epoch === 20) state = await before.state();
  }
  expect(state!.step).toBeGreaterThanOrEqual(3 * 20);
  const other = await Device.open(navigator.gpu);
  watchDevice(other.gpu);
  const after = await Trainer.create(other, { ...options, from: state! });
  await train(after, [before.step - state!.step]);
  expect(await after.parameters()).toEqual(await before.parameters());
  before.dispose();
  after.dispose();
  await other.gpu.queue.onSubmittedWorkDone();
  expect(other.liveBuffers).toBe(0);
  other.dispose();
});

test('every network of a group goes on, those that diverged at rest', async () => {
  const { optimiser, seed, ...rest } = madeUp({ rows: 25, batch: 10, sizes: [9, 4], profile: false });
  const members = [0.1, 3e38, 0.3].map((learningRate) => ({ optimiser: { ...optimiser, learningRate }, seed }));
  const device = await openTestDevice();
  const run = async (group: Group, steps: number) => {
    const told: unknown[] = [];
    for await (const { epoch, members: reports } of group.run({ steps })) told.push({ epoch, reports });
    return told;
  };
  const whole = await Group.create(device, { ...rest, members });
  const before = await Group.create(device, { ...rest, members });
  const expected = await run(whole, 40);
  await run(before, 20);
  const after = await Group.create(device, { ...rest, members, from: await before.state() });
  // Step 20 lies in epoch 7.
  expect(await run(after, 20)).toEqual(expected.slice(7));
  expect(whole.divergence(1)!.step).toBeLessThan(20);
  expect(after.divergence(1)).toEqual(whole.divergence(1));
  for (const member of members.keys()) expect(await after.parameters(member)).toEqual(await whole.parameters(member));
  for (const group of [whole, before, after]) group.dispose();
});

test('there are no gradients until a step is made from it', async () => {
  const options = madeUp({ rows: 25, batch: 10 });
  const device = await openTestDevice();
  const before = await Trainer.create(device, options);
  await train(before, [4]);
  const after = await Trainer.create(device, { ...options, from: await before.state() });
  expect([before.hasGradients, after.hasGradients]).toEqual([true, false]);
  await expect(after.gradients()).rejects.toMatchObject({ code: 'usage' });
  await train(after, [1]);
  expect(after.hasGradients).toBe(true);
  before.dispose();
  after.dispose();
});

describe('refused in a sentence', () => {
  test.each([
    {
      what: 'other layers',
      change: { sizes: [9, 8, 5, 4] },
      message: /parameters have 63 numbers as dense1\.w, but the network is 9-8-5-4/,
    },
    { what: 'other batches', change: { batch: 5 }, message: /has 3 steps an epoch, but this training has 5/ },
    {
      what: 'other data',
      change: { rows: 24 },
      message: /has another training set, but this training trains on train;/,
    },
  ])('a state of $what, before anything is allocated', async ({ change, message }) => {
    const device = await openTestDevice();
    const before = await Trainer.create(device, madeUp({ rows: 25, batch: 10 }));
    const from = await before.state();
    before.dispose();
    const buffers = device.liveBuffers;
    const creation = Trainer.create(device, { ...madeUp({ rows: 25, batch: 10, ...change }), from });
    await expect(creation).rejects.toMatchObject({ code: 'shape', message: expect.stringMatching(message) });
    expect(device.liveBuffers).toBe(buffers);
  });

  test('a state that is not whole, before anything is allocated', async () => {
    const device = await openTestDevice();
    const options = madeUp({ rows: 25, batch: 10 });
    const before = await Trainer.create(device, options);
    await train(before, [4]);
    const state = await before.state();
    before.dispose();
    const [member] = state.members;
    const nan = member!.parameters.map(({ w, b }) => ({ w, b: b.slice().fill(Number.NaN) }));
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ step: -5 }, /^The state's number of steps is -5, not a whole number of at least 0; take the state again\.$/],
      [{ step: 1.5 }, /number of steps is 1\.5/],
      [{ members: undefined }, /^the state to go on from is not whole; give what state\(\) gave/],
      [{ random: undefined }, /is not whole/],
      [{ random: { ...state.random, words: [1] } }, /624 words of state, not 0/],
      [{ members: [{ ...member!, parameters: nan }] }, /parameters have NaN in dense1\.b, at 0/],
      [
        { members: [{ ...member!, parameters: JSON.parse(JSON.stringify(member!.parameters)) }] },
        /an? Object as dense1\.w/,
      ],
      [{ data: undefined }, /another training set/],
    ];
    const buffers = device.liveBuffers;
    for (const [change, message] of wrong) {
      const creation = Trainer.create(device, { ...options, from: { ...state, ...change } });
      await expect(creation).rejects.toMatchObject({
        name: 'UnderglassError',
        message: expect.stringMatching(message),
      });
      expect(device.liveBuffers).toBe(buffers);
    }
  });

  test('a state asked for while steps are submitted', async () => {
    const trainer = await Trainer.create(await openTestDevice(), madeUp({ rows: 25, batch: 10 }));
    const run = trainer.run({ epochs: 50 });
    await run.next();
    const next = run.next();
    await expect(trainer.state()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/between two reports/),
    });
    await next;
    expect((await trainer.state()).step).toBe(trainer.step);
    await run.return();
    trainer.dispose();
  });

  test('a random stream of another generator', () => {
    const state = new RandomState(1).state;
    expect(() => RandomState.from({ ...state, words: state.words.slice(1) })).toThrow(/624 words of state, not 623/);
    expect(() => RandomState.from({ ...state, next: 625 })).toThrow(/not a whole number from 0 to 624/);
  });
});

test('a random stream goes on from its state, spare normal included, and the state stays what it was', () => {
  const stream = new RandomState(7);
  stream.permutation(400);
  stream.standardNormal(3);
  const state = structuredClone(stream.state);
  const [one, other] = [RandomState.from(state), RandomState.from(state)];
  const draw = (random: RandomState) => [random.standardNormal(2), random.permutation(900), random.uniform(0, 1, 5)];
  expect(draw(one)).toEqual(draw(stream));
  expect(draw(other)).toEqual(draw(RandomState.from(state)));
});
