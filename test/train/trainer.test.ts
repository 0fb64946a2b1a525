// What a trainer promises for any network and options: it follows float64, repeats its bits, stops cleanly and leaks nothing.

import * as fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { type Dataset, takeRows } from '../../src/data/dataset';
import type { BatchSize } from '../../src/nn/batches';
import type { Activation } from '../../src/nn/activations';
import { denseNetwork, type LayerParameters } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { referenceAccuracy, referenceLoss, referenceTraining } from '../../src/reference/trainer';
import type { ProgramName } from '../../src/train/report';
import { type EpochReport, Trainer, type TrainerOptions } from '../../src/train/trainer';
import { expectClose } from '../support/close';
import { openTestDevice } from '../support/device';

const PROGRAMS: readonly ProgramName[] = ['naive', 'fused'];

/** Rows of two noisy numbers and more, in classes that a network can learn. */
function syntheticData(rows: number, columns: number, classes: number, seed = 5): Dataset {
  const random = new RandomState(seed);
  const labels = Uint32Array.from({ length: rows }, (_, row) => row % classes);
  const noise = random.standardNormal(rows * columns);
  const features = Float32Array.from(noise, (value, i) => {
    const label = labels[Math.floor(i / columns)]!;
    return 0.3 * value + Number(i % columns === label % columns);
  });
  return { name: 'synthetic', rows, columns, classes, features, labels };
}

interface Setting {
  readonly sizes: readonly number[];
  readonly output?: Activation;
  readonly rows: number;
  readonly batch: BatchSize;
  readonly seed?: number;
  readonly l2?: number;
  readonly program?: ProgramName;
  readonly profile?: boolean;
}

function settle(setting: Setting): TrainerOptions {
  const { sizes, output = 'sigmoid', rows, batch, seed = 0, l2 = 0.01, program = 'fused', profile = true } = setting;
  const data = syntheticData(rows, sizes[0]!, sizes.at(-1)!);
  const part = takeRows(
    data,
    Array.from({ length: Math.ceil(rows / 2) }, (_, i) => i),
  );
  return {
    network: denseNetwork(sizes, { output }),
    optimiser: optimiser({ learningRate: 0.1, momentum: 0.9, l2 }),
    splits: { train: data, valid: part, test: data },
    batch,
    seed,
    program,
    profile,
  };
}

async function create(setting: Setting): Promise<Trainer> {
  return Trainer.create(await openTestDevice(), settle(setting));
}

async function runAll(trainer: Trainer, epochs: number, every = 1): Promise<EpochReport[]> {
  const reports: EpochReport[] = [];
  for await (const report of trainer.run({ epochs, every })) {
    reports.push(report);
  }
  return reports;
}

/** The parameters' bits, as text that compares whole. */
async function bits(trainer: Trainer): Promise<string> {
  const layers: LayerParameters[] = await trainer.parameters();
  return layers.map(({ w, b }) => `${w.join()};${b.join()}`).join('|');
}

describe.each(PROGRAMS)('the %s program', (program) => {
  // Kernels compile long: in the quick suite each program trains those that name it.
  test.for<Setting & { readonly quick?: readonly ProgramName[] }>([
    { sizes: [7, 5], rows: 37, batch: 'full' as const },
    { sizes: [7, 5], rows: 37, batch: 8, quick: ['fused'] },
    { sizes: [9, 1, 3], rows: 50, batch: 7, quick: ['naive'] },
    { sizes: [64, 50, 30, 10], rows: 181, batch: 32, quick: ['fused'] },
    { sizes: [5, 6, 7, 8, 4], rows: 33, batch: 32, output: 'linear' as const, quick: PROGRAMS },
    { sizes: [3, 130, 2], rows: 300, batch: 'full' as const, output: 'linear' as const, l2: 0 },
    { sizes: [1, 1, 2], rows: 1, batch: 1, quick: PROGRAMS },
  ])(
    'follows float64 for 10 epochs within 1e-5: $sizes, $rows rows, batch $batch',
    async ({ quick = [], ...setting }, context) => {
      context.skip(!quick.includes(program) && !inject('full'), 'only in npm run test:full');
      const trainer = await create({ ...setting, program, seed: 3 });
      const { network, optimiser: numbers, splits } = trainer.options;
      const reports = await runAll(trainer, 10);
      expect(reports.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 11 }, (_, i) => i));
      const reference = referenceTraining({
        network,
        optimiser: numbers,
        train: splits.train,
        batch: setting.batch,
        seed: 3,
      });
      for (const { epoch, evaluation } of reports) {
        const { parameters } = reference.next().value;
        for (const split of ['train', 'valid'] as const) {
          const data = splits[split];
          expectClose([evaluation![split].loss], [referenceLoss(network, parameters, data, numbers.l2)], 1e-5);
          const difference = evaluation![split].accuracy - referenceAccuracy(network, parameters, data);
          expect(Math.abs(difference) * data.rows, `accuracy after epoch ${epoch}`).toBeLessThan(1.5);
        }
      }
      trainer.dispose();
    },
  );
});

test('naive and fused programs agree on random networks', { timeout: 120_000 }, async () => {
  const size = fc.integer({ min: 1, max: 21 });
  const setting = fc.record({
    sizes: fc.tuple(size, fc.array(size, { maxLength: 3 }), fc.integer({ min: 2, max: 11 })),
    rows: fc.integer({ min: 1, max: 70 }),
    batch: fc.oneof(fc.constant('full' as const), fc.integer({ min: 1, max: 70 })),
    output: fc.constantFrom('sigmoid' as const, 'linear' as const),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  });
  await fc.assert(
    fc.asyncProperty(setting, async ({ sizes: [inputs, hidden, classes], ...rest }) => {
      const results = [];
      for (const program of PROGRAMS) {
        const trainer = await create({ sizes: [inputs, ...hidden, classes], ...rest, program });
        const reports = await runAll(trainer, 3);
        const gradients = await trainer.gradients();
        results.push({ reports, gradients });
        trainer.dispose();
      }
      const [naive, fused] = results;
      for (const [i, report] of naive!.reports.entries()) {
        expectClose([fused!.reports[i]!.evaluation!.train.loss], [report.evaluation!.train.loss], 1e-5);
      }
      for (const [i, layer] of naive!.gradients.entries()) {
        // Gradients of a net that has nearly nothing to learn are rounding noise.
        const scale = Math.max(...layer.w.map(Math.abs), ...layer.b.map(Math.abs), 1e-3);
        for (const tensor of ['w', 'b'] as const) {
          const other = fused!.gradients[i]![tensor];
          const difference = layer[tensor].reduce((most, value, k) => Math.max(most, Math.abs(value - other[k]!)), 0);
          expect(difference).toBeLessThan(2e-5 * scale);
        }
      }
    }),
    { numRuns: inject('full') ? 10 : 1, seed: 20 },
  );
});

describe('the same bits', () => {
  const setting: Setting = { sizes: [12, 9, 4], rows: 70, batch: 32 };

  test.each(PROGRAMS)('run after run, timed or not, however the steps are cut: %s', async (program) => {
    const plain = await create({ ...setting, program });
    await runAll(plain, 30, 30);
    const expected = await bits(plain);
    plain.dispose();

    const again = await create({ ...setting, program });
    await runAll(again, 30, 1);
    expect(await bits(again)).toBe(expected);
    again.dispose();

    const untimed = await create({ ...setting, program, profile: false });
    await runAll(untimed, 10);
    await runAll(untimed, 20);
    expect(await bits(untimed)).toBe(expected);
    untimed.dispose();
  });

  test('another seed gives other bits', async () => {
    const [a, b] = [await create(setting), await create({ ...setting, seed: 1 })];
    expect(await bits(a)).not.toBe(await bits(b));
    a.dispose();
    b.dispose();
  });
});

describe('a run', () => {
  const setting: Setting = { sizes: [12, 9, 4], rows: 70, batch: 32 };

  test('evaluates epoch 0, every so many epochs, and the last', async () => {
    const trainer = await create(setting);
    const reports = await runAll(trainer, 25, 10);
    expect(reports.filter(({ evaluation }) => evaluation).map(({ epoch }) => epoch)).toEqual([0, 10, 20, 25]);
    expect(reports).toHaveLength(26);
    expect(reports.at(-1)!.steps).toBe(75);
    expect(await trainer.evaluate()).toEqual(reports.at(-1)!.evaluation);
    trainer.dispose();
  });

  test("reports the mean loss of the epoch's batches: in full batch, the last evaluation's without L2", async () => {
    const trainer = await create({ ...setting, batch: 'full', l2: 0 });
    const reports = await runAll(trainer, 5);
    for (const [i, { batches }] of reports.entries()) {
      if (i > 0) {
        expectClose([batches!.loss], [reports[i - 1]!.evaluation!.train.loss], 1e-6);
        expect(batches!.accuracy).toBeCloseTo(reports[i - 1]!.evaluation!.train.accuracy, 6);
      }
    }
    trainer.dispose();
  });

  test('stops when the loop is left, and goes on from there', async () => {
    const trainer = await create(setting);
    for await (const { epoch } of trainer.run({ epochs: 1000 })) {
      if (epoch === 3) {
        break;
      }
    }
    const { epoch } = trainer;
    expect(epoch).toBeGreaterThanOrEqual(3);
    expect(epoch).toBeLessThan(1000);
    const [first] = await runAll(trainer, 1);
    expect(first!.epoch).toBe(epoch + 1);
    trainer.dispose();
  });

  test('stops when the signal is aborted', async () => {
    const trainer = await create(setting);
    const stop = new AbortController();
    let last = 0;
    for await (const { epoch } of trainer.run({ epochs: 100_000, signal: stop.signal })) {
      last = epoch;
      if (epoch === 2) {
        stop.abort();
      }
    }
    expect(last).toBeGreaterThanOrEqual(2);
    expect(last).toBeLessThan(100_000);
    trainer.dispose();
  });

  test('refuses to run twice at once', async () => {
    const trainer = await create(setting);
    const run = trainer.run({ epochs: 5 });
    await run.next();
    await expect(trainer.run({ epochs: 5 }).next()).rejects.toThrow(/running already/);
    await run.return();
    trainer.dispose();
  });

  test('times each operation of a step, where the adapter can', async () => {
    const trainer = await create(setting);
    await runAll(trainer, 10);
    const timed = trainer.device.gpu.features.has('timestamp-query');
    expect(trainer.timings.map(({ label }) => label)).toEqual(
      timed ? ['dense1 forward', 'dense2 loss', 'dense2 backward', 'dense1 backward', 'update'] : [],
    );
    for (const { calls, meanUs, totalUs } of trainer.timings) {
      expect(calls).toBeGreaterThan(0);
      expect(meanUs).toBeGreaterThan(0);
      expect(totalUs).toBeCloseTo(calls * meanUs, 6);
    }
    trainer.dispose();
  });
});

test('sets larger than one part are evaluated whole', async () => {
  const trainer = await create({ sizes: [3, 4, 3], rows: 9001, batch: 1000 });
  const { network, optimiser: numbers, splits } = trainer.options;
  const evaluation = await trainer.evaluate();
  const { parameters } = referenceTraining({
    network,
    optimiser: numbers,
    train: splits.train,
    batch: 1000,
    seed: 0,
  }).next().value;
  for (const split of ['train', 'valid', 'test'] as const) {
    expectClose([evaluation[split].loss], [referenceLoss(network, parameters, splits[split], numbers.l2)], 1e-6);
  }
  trainer.dispose();
});

describe('nothing stays allocated', () => {
  test('after dispose', async () => {
    const device = await openTestDevice();
    const before = device.liveBuffers;
    const trainer = await create({ sizes: [5, 4], rows: 20, batch: 8 });
    expect(device.liveBuffers).toBeGreaterThan(before);
    await runAll(trainer, 2);
    trainer.dispose();
    expect(device.liveBuffers).toBe(before);
  });

  test("after a layer wider than the adapter's limits was refused by name", async () => {
    const device = await openTestDevice();
    const before = device.liveBuffers;
    const creation = create({ sizes: [8, 60_000_000, 2], rows: 4, batch: 'full' });
    await expect(creation).rejects.toMatchObject({ code: 'limit', message: expect.stringMatching(/limit/) });
    expect(device.liveBuffers).toBe(before);
  });

  test('after a network that does not fit the data was refused', async () => {
    const options = settle({ sizes: [5, 4], rows: 20, batch: 8 });
    const device = await openTestDevice();
    const before = device.liveBuffers;
    const creation = Trainer.create(device, { ...options, network: denseNetwork([6, 4]) });
    await expect(creation).rejects.toMatchObject({ code: 'shape' });
    expect(device.liveBuffers).toBe(before);
  });
});
