// Runs of single steps: a training cut anywhere is the training uncut.

import { describe, expect, test } from 'vitest';
import { Trainer } from '../../src/train/trainer';
import { openTestDevice } from '../support/device';
import { madeUp, train } from '../support/made-up';

const MINIBATCHES = madeUp({ rows: 25, batch: 10 });

/** The parts that steps are cut into; together as many as the shape has. */
const SHAPES = [
  { what: 'full batches', rows: 25, batch: 'full' as const, parts: [1, 2, 4, 5, 8] },
  { what: 'minibatches', rows: 30, batch: 10, parts: [1, 2, 5, 1, 12, 9] },
  { what: 'a short last batch', rows: 25, batch: 10, parts: [1, 2, 5, 1, 12, 9] },
  // The table of row orders holds 4 epochs of 64 steps: it is drawn anew within the parts and at the end of one.
  { what: 'more epochs than orders in memory', rows: 64, batch: 1, parts: [250, 1, 1, 4, 1, 300] },
];

describe.each(['chained', 'resident'] as const)('%s', (runner) => {
  test.each(SHAPES)('$what: the bits of a run do not depend on how its steps are cut', async ({ parts, ...shape }) => {
    const device = await openTestDevice();
    const steps = parts.reduce((sum, part) => sum + part, 0);
    const [whole, cut] = [
      await Trainer.create(device, madeUp({ ...shape, runner })),
      await Trainer.create(device, madeUp({ ...shape, runner, profile: true })),
    ];
    const uncut = await train(whole, [steps]);
    const { reports, ...left } = await train(cut, parts);
    expect(left).toEqual({ parameters: uncut.parameters, gradients: uncut.gradients });
    expect(cut.step).toBe(steps);
    // A part that ends with an epoch evaluates it; everything else is the same.
    const known = new Map(uncut.reports.map((report) => [report.epoch, report]));
    expect(reports.map(({ epoch }) => epoch)).toEqual([...known.keys()]);
    for (const { epoch, batches, evaluation } of reports) {
      expect(batches).toEqual(known.get(epoch)!.batches);
      const expected = known.get(epoch)!.evaluation;
      if (expected) expect(evaluation).toEqual(expected);
    }
    expect(uncut.reports.filter(({ evaluation }) => evaluation).length).toBeGreaterThan(2);
    whole.dispose();
    cut.dispose();
  });
});

test('a run that stops in the midst of an epoch reports it only when it is complete', async () => {
  const trainer = await Trainer.create(await openTestDevice(), MINIBATCHES);
  const epochs: (readonly number[])[] = [];
  for (const steps of [1, 1, 0, 1, 4, 2]) {
    epochs.push((await train(trainer, [steps])).reports.map(({ epoch }) => epoch));
  }
  expect(epochs).toEqual([[0], [], [], [1], [2], [3]]);
  expect([trainer.step, trainer.epoch, trainer.stepsAnEpoch]).toEqual([9, 3, 3]);
  trainer.dispose();
});

test('epochs asked for in the midst of one begin with what is left of it', async () => {
  const trainer = await Trainer.create(await openTestDevice(), MINIBATCHES);
  await train(trainer, [2]);
  const epochs: number[] = [];
  for await (const { epoch } of trainer.run({ epochs: 2 })) epochs.push(epoch);
  expect(epochs).toEqual([1, 2]);
  expect(trainer.step).toBe(6);
  trainer.dispose();
});

test('leaving the loop in the midst of what a submit completed loses nothing of the next epoch', async () => {
  const device = await openTestDevice();
  const [whole, left] = [await Trainer.create(device, MINIBATCHES), await Trainer.create(device, MINIBATCHES)];
  for await (const { epoch } of left.run({ epochs: 1000, every: 1000 })) {
    if (epoch === 5) break;
  }
  const end = left.epoch + 1;
  const { reports } = await train(left, [3 * end - left.step]);
  const expected = await train(whole, [3 * end]);
  expect(reports.at(-1)!.batches).toEqual(expected.reports.at(-1)!.batches);
  whole.dispose();
  left.dispose();
});

test.each([
  { what: 'both', length: { epochs: 3, steps: 5 }, message: /either epochs or steps, but got 3 epochs and 5 steps/ },
  { what: 'neither', length: {}, message: /either epochs or steps, but got neither/ },
  { what: 'half a step', length: { steps: 0.5 }, message: /steps to run is 0.5, not a whole number/ },
  { what: 'fewer than no epochs', length: { epochs: -1 }, message: /epochs to run is -1, not a whole number/ },
])('a run of $what is refused in a sentence, and the next one goes on', async ({ length, message }) => {
  const trainer = await Trainer.create(await openTestDevice(), MINIBATCHES);
  // @ts-expect-error What the types forbid, plain JavaScript can ask for.
  const run = trainer.run(length);
  await expect(run.next()).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
  expect((await train(trainer, [3])).reports.map(({ epoch }) => epoch)).toEqual([0, 1]);
  trainer.dispose();
});
