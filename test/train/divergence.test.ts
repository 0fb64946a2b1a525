// A training that leaves the finite numbers: which step, which layer.

import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../src/nn/network';
import { UnderglassError } from '../../src/base/errors';
import { RandomState } from '../../src/base/random';
import { referenceTraining } from '../../src/reference/trainer';
import { describeDivergence, findStrangeNumbers } from '../../src/train/divergence';
import { Trainer, type TrainerOptions } from '../../src/train/trainer';
import { openTestDevice } from '../support/device';
import { madeUp } from '../support/made-up';

/** The error that training ends with, and the epochs that were reported before. */
async function ruin(options: TrainerOptions, length: { epochs: number } | { steps: number }, every = 1e6) {
  const trainer = await Trainer.create(await openTestDevice(), options);
  const epochs: number[] = [];
  try {
    for await (const { epoch, batches } of trainer.run({ ...length, every })) {
      epochs.push(epoch);
      if (batches) expect(batches.loss).toSatisfy(Number.isFinite);
    }
  } catch (error) {
    if (!(error instanceof UnderglassError)) throw error;
    return { error, epochs, step: trainer.step };
  } finally {
    trainer.dispose();
  }
  throw new Error('this training was to diverge');
}

describe.each(['chained', 'resident'] as const)('%s', (runner) => {
  test.each([
    { what: 'full batches', batch: 'full' as const, place: /from step 2 on \(in epoch 2\)/ },
    { what: 'minibatches', batch: 10, place: /from step 2 on \(step 2 of 3 in epoch 1\)/ },
  ])('a rate beyond all measure, $what: the second step is the first without a loss', async ({ batch, place }) => {
    // The first step sees the initial weights, and leaves weights near 1e38: the second overflows.
    const { error, epochs } = await ruin(madeUp({ rows: 25, batch, learningRate: 3e38, runner }), { epochs: 2000 });
    expect(error).toMatchObject({ code: 'diverged', message: expect.stringMatching(place) });
    expect(error).toMatchObject({
      message: expect.stringMatching(/numbers of dense1\.w and 5 more tensors are no longer/),
    });
    expect(error).toMatchObject({ message: expect.stringMatching(/use a smaller learning rate than 3e\+38$/) });
    expect(epochs).toEqual(batch === 'full' ? [0, 1] : [0]);
  });
});

// Sigmoid makes 0 or 1 of any number, and of NaN in many an implementation: 2.30258, the loss of ten equal outputs, went on and on.
test.each(['naive', 'fused'] as const)('%s: sigmoids do not hide weights that have overflowed', async (program) => {
  const options = madeUp({ rows: 25, batch: 'full', learningRate: 1e6, l2: 0.6, output: 'sigmoid' });
  const { network, optimiser, splits, seed } = options;
  let overflown = 0;
  for (const { epoch, parameters } of referenceTraining({
    network,
    optimiser,
    train: splits.train,
    batch: 'full',
    seed,
  })) {
    if (parameters.some(({ w }) => w.some((value) => Math.abs(value) > 2 ** 127))) {
      overflown = epoch;
      break;
    }
  }
  const { error } = await ruin({ ...options, program }, { epochs: 200 });
  const told = Number(/from step (\d+) on/.exec(error.message)?.[1]);
  // Products of such weights overflow a step or two before the weights do.
  expect(Math.abs(told - overflown)).toBeLessThanOrEqual(3);
  expect(overflown).toBeLessThan(40);
});

test('a rate that makes weights whose squares overflow is no divergence without an L2 term', async () => {
  const options = madeUp({ sizes: [4, 3], rows: 8, batch: 'full', learningRate: 1e25, momentum: 0, l2: 0 });
  const trainer = await Trainer.create(await openTestDevice(), options);
  for await (const { evaluation } of trainer.run({ epochs: 1 })) {
    expect(evaluation?.train.loss).toSatisfy(Number.isFinite);
  }
  trainer.dispose();
});

test('an evaluation tells of weights that the next step would stumble over', async () => {
  const { error, epochs } = await ruin(madeUp({ rows: 25, batch: 'full', learningRate: 3e38 }), { epochs: 9 }, 1);
  expect(error).toMatchObject({
    message: expect.stringMatching(/no number when evaluated after step 1 \(in epoch 1\)/),
  });
  expect(epochs).toEqual([0]);
});

test('weights that grow from step to step: the step is that of float64, whose range is cut to that of f32', async () => {
  // No hidden layer and a huge decay: W ← W - α λ/N W grows by its own factor each step, until y overflows.
  const options = madeUp({ sizes: [6, 4], rows: 20, batch: 'full', learningRate: 1, momentum: 0, l2: 400 });
  const { error, epochs } = await ruin(options, { epochs: 2000 });
  const { network, optimiser, splits, seed } = options;
  const training = referenceTraining({ network, optimiser, train: splits.train, batch: 'full', seed });
  const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));
  let step = 0;
  for (const { epoch, parameters } of training) {
    step = epoch + 1;
    if (largest(parameters[0]!.w) > 2 ** 127) break;
  }
  const told = Number(/from step (\d+) on/.exec(error.message)?.[1]);
  // A factor of 19 a step; outputs, differences of them, and the weights themselves overflow within two steps of each other.
  expect(Math.abs(told - step)).toBeLessThanOrEqual(2);
  expect(step).toBeGreaterThan(20);
  expect(epochs).toEqual(Array.from({ length: told }, (_, i) => i));
});

test('a single step that diverges says so, though no epoch is complete', async () => {
  const options = madeUp({ rows: 25, batch: 5, learningRate: 3e38 });
  const { error, step } = await ruin(options, { steps: 3 });
  expect(error).toMatchObject({ code: 'diverged', message: expect.stringMatching(/step 2 of 5 in epoch 1/) });
  expect(step).toBe(3);
});

test('a training that diverged stays so', async () => {
  const trainer = await Trainer.create(await openTestDevice(), madeUp({ rows: 25, batch: 'full', learningRate: 3e38 }));
  const run = async () => {
    for await (const _ of trainer.run({ epochs: 5 })) {
      // Until it throws.
    }
  };
  await expect(run()).rejects.toMatchObject({ code: 'diverged' });
  const { step } = trainer;
  await expect(run()).rejects.toMatchObject({ code: 'diverged' });
  expect(trainer.step).toBe(step);
  trainer.dispose();
});

describe('in words', () => {
  test('tensors in the order of the layers, each only where a number is not finite', () => {
    const { network } = madeUp({ rows: 5, batch: 'full' });
    const parameters = initialParameters(network, new RandomState(0));
    expect(findStrangeNumbers(network, parameters).tensors).toEqual([]);
    parameters[2]!.w[3] = Number.NaN;
    parameters[1]!.b[4] = Number.NEGATIVE_INFINITY;
    parameters[1]!.w[0] = 3e38;
    expect(findStrangeNumbers(network, parameters)).toEqual({ tensors: ['dense2.b', 'dense3.w'], largest: 'dense2.w' });
  });

  test.each([
    [[], 'while its weights are still finite, the largest in dense1.w'],
    [['dense2.b'], 'and numbers of dense2.b are no longer finite'],
    [['dense2.b', 'dense3.w'], 'and numbers of dense2.b and 1 more tensor are no longer finite'],
  ])('%j: %s', (tensors, words) => {
    expect(describeDivergence({ step: 8, found: 'batch', tensors, largest: 'dense1.w' }, 3)).toBe(
      `the training diverged: its loss is no number from step 8 on (step 2 of 3 in epoch 3), ${words}`,
    );
  });

  test('found by an evaluation', () => {
    expect(describeDivergence({ step: 40, found: 'evaluation', tensors: ['dense1.w'], largest: 'dense2.w' }, 1)).toBe(
      'the training diverged: its loss is no number when evaluated after step 40 (in epoch 40), though those of all batches ' +
        'were, and numbers of dense1.w are no longer finite',
    );
  });
});
