// The tutorial's experiment against NumPy's float64: losses, accuracies and first gradients.
//
// A few runs are followed here; `npm run test:full` takes every seed, λ, output and program there.

import { describe, expect, inject, test } from 'vitest';
import { tutorialSplit } from '../../src/data/digits';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import type { Splits } from '../../src/train/evaluation';
import type { ProgramName } from '../../src/train/report';
import { Trainer } from '../../src/train/trainer';
import minibatch from '../golden/minibatch.json';
import goldenGradients from '../golden/tutorial-gradients.json';
import golden from '../golden/tutorial-training.json';
import { expectClose } from '../support/close';
import { openTestDevice } from '../support/device';
import { loadDigits } from '../support/digits';

const PROGRAMS: readonly ProgramName[] = ['naive', 'fused'];
const full = inject('full');

interface Run {
  readonly seed: number;
  readonly l2: number;
  readonly output: string;
}

async function createTrainer({ seed, l2, output }: Run, program: ProgramName): Promise<Trainer> {
  return Trainer.create(await openTestDevice(), {
    network: denseNetwork(golden.sizes, { output: output === 'linear' ? 'linear' : 'sigmoid' }),
    optimiser: optimiser({ learningRate: golden.learningRate, momentum: golden.momentum, l2 }),
    splits: tutorialSplit(await loadDigits()),
    batch: 'full',
    seed,
    program,
  });
}

/** Which epoch a run is followed to here: seed 0 only, the tutorial's own run farthest. */
function lastEpoch({ seed, l2, output }: Run, program: ProgramName): number {
  if (full) {
    return 300;
  }
  const tutorial = l2 > 0 && output === 'sigmoid';
  if (program === 'naive') {
    return 0;
  }
  return seed === 0 && tutorial ? 100 : 0;
}

describe.each(PROGRAMS)('the %s program', (program) => {
  const runs = golden.runs.filter((run) => lastEpoch(run, program) > 0);

  test.each(runs)(
    'keeps the losses within 1e-5 and the accuracies within two images: seed $seed, λ $l2, $output output',
    { timeout: 300_000 },
    async (run) => {
      const trainer = await createTrainer(run, program);
      const last = lastEpoch(run, program);
      const expected = run.curve.filter(({ epoch }) => epoch <= last);
      let seen = 0;
      for await (const { epoch, evaluation } of trainer.run({ epochs: last, every: 100 })) {
        if (!evaluation) {
          continue;
        }
        const point = expected[seen++]!;
        expect(epoch).toBe(point.epoch);
        for (const split of ['train', 'valid', 'test'] as const satisfies (keyof Splits)[]) {
          expectClose([evaluation[split].loss], [point[split].loss], 1e-5);
          const images = trainer.options.splits[split].rows;
          expect(Math.abs(evaluation[split].accuracy - point[split].accuracy) * images).toBeLessThan(2.5);
        }
      }
      expect(seen).toBe(expected.length);
      trainer.dispose();
    },
  );

  test.each(goldenGradients.filter(({ seed }) => full || program === 'fused' || seed === 0))(
    'keeps the first gradients within 1e-5 of the largest of their tensor: seed $seed, λ $l2, $output output',
    async (run) => {
      const trainer = await createTrainer(run, program);
      for await (const _ of trainer.run({ epochs: 1 })) {
        // One step leaves its gradients on the device.
      }
      const gradients = await trainer.gradients();
      expect(gradients).toHaveLength(run.layers.length);
      for (const [i, layer] of run.layers.entries()) {
        for (const tensor of ['w', 'b'] as const) {
          const { max, values } = layer[tensor];
          const actual = gradients[i]![tensor];
          const sampled = Array.from(
            { length: Math.ceil(actual.length / run.stride) },
            (_, k) => actual[k * run.stride]!,
          );
          expect(sampled).toHaveLength(values.length);
          for (const [k, value] of values.entries()) {
            expect(Math.abs(sampled[k]! - value)).toBeLessThanOrEqual(1e-5 * max);
          }
        }
      }
      trainer.dispose();
    },
  );
});

describe('minibatches with a short last one', () => {
  const { learningRate, momentum, l2 } = minibatch;

  test.each(minibatch.runs.filter(({ seed }) => full || seed === 0))(
    'follow NumPy within 1e-5 for 20 epochs: seed $seed, batch $batch',
    async ({ seed, batch, curve }) => {
      const trainer = await Trainer.create(await openTestDevice(), {
        network: denseNetwork(minibatch.sizes),
        optimiser: optimiser({ learningRate, momentum, l2 }),
        splits: tutorialSplit(await loadDigits()),
        batch,
        seed,
      });
      let seen = 0;
      for await (const { epoch, evaluation } of trainer.run({ epochs: 20, every: 5 })) {
        if (evaluation) {
          const point = curve[seen++]!;
          expect(epoch).toBe(point.epoch);
          for (const split of ['train', 'valid', 'test'] as const) {
            expectClose([evaluation[split].loss], [point[split].loss], 1e-5);
          }
        }
      }
      expect(seen).toBe(curve.length);
      trainer.dispose();
    },
  );
});
