// A made-up experiment of any shape, small enough to train in a moment.

import { RandomState } from '../../src/base/random';
import type { Dataset } from '../../src/data/dataset';
import type { BatchSize } from '../../src/nn/batches';
import type { Activation } from '../../src/nn/activations';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import type { EpochReport, Trainer, TrainerOptions } from '../../src/train/trainer';

/** What it is made from. */
export interface MadeUp {
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly l2?: number;
  readonly sizes?: readonly number[];
  readonly output?: Activation;
  readonly rows: number;
  readonly batch: BatchSize;
  readonly runner?: 'chained' | 'resident';
  readonly profile?: boolean;
}

/** Random rows with random labels. */
export function dataset(name: string, rows: number, columns: number, classes: number, seed: number): Dataset {
  const random = new RandomState(seed);
  return {
    name,
    rows,
    columns,
    classes,
    features: Float32Array.from(random.uniform(0, 1, rows * columns)),
    labels: Uint32Array.from(random.uniform(0, classes, rows), Math.floor),
  };
}

/** Options of a trainer; layers of 9, 7, 5 and 4 unless told. */
export function madeUp({ sizes = [9, 7, 5, 4], output = 'linear', rows, batch, ...rest }: MadeUp): TrainerOptions {
  const { learningRate = 0.2, momentum = 0.9, l2 = 0.01, runner, profile = false } = rest;
  const [columns, classes] = [sizes[0]!, sizes.at(-1)!];
  return {
    network: denseNetwork(sizes, { output }),
    optimiser: optimiser({ learningRate, momentum, l2 }),
    splits: {
      train: dataset('train', rows, columns, classes, 1),
      valid: dataset('valid', 10, columns, classes, 2),
      test: dataset('test', 11, columns, classes, 3),
    },
    batch,
    seed: 4,
    profile,
    ...(runner ? { runner } : {}),
  };
}

/** What a training reports of its epochs, without times, and what it leaves. */
export interface Trained {
  readonly reports: readonly Pick<EpochReport, 'epoch' | 'batches' | 'evaluation'>[];
  readonly parameters: Awaited<ReturnType<Trainer['parameters']>>;
  readonly gradients: Awaited<ReturnType<Trainer['gradients']>>;
}

/** Runs one part of a training after the other, each so many steps. */
export async function train(trainer: Trainer, parts: readonly number[], every = 3): Promise<Trained> {
  const reports: Trained['reports'][number][] = [];
  for (const steps of parts) {
    for await (const { epoch, batches, evaluation } of trainer.run({ steps, every })) {
      reports.push({ epoch, batches, evaluation });
    }
  }
  return { reports, parameters: await trainer.parameters(), gradients: await trainer.gradients() };
}
