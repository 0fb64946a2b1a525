// The tuner chooses among candidates, remembers, never trusts a choice that does not fit, and leaves no trace.

import { describe, expect, inject, test } from 'vitest';
import { tutorialSplit } from '../../src/data/digits';
import type { BatchSize } from '../../src/nn/batches';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { referenceLoss, referenceTraining } from '../../src/reference/trainer';
import type { TuningOptions } from '../../src/schedule/tuner';
import type { TuningStore } from '../../src/schedule/tuning-memory';
import { Trainer } from '../../src/train/trainer';
import { expectClose } from '../support/close';
import { openTestDevice } from '../support/device';
import { loadDigits } from '../support/digits';

class MapStore implements TuningStore {
  readonly choices = new Map<string, string>();
  read = (key: string) => this.choices.get(key);
  write = (key: string, variant: string) => void this.choices.set(key, variant);
}

async function create(
  tuning: TuningOptions | undefined,
  sizes: readonly number[] = [64, 20, 10],
  batch: BatchSize = 50,
): Promise<Trainer> {
  return Trainer.create(await openTestDevice(), {
    network: denseNetwork(sizes),
    optimiser: optimiser({ learningRate: 0.1, momentum: 0.9, l2: 0.1 }),
    splits: tutorialSplit(await loadDigits()),
    batch,
    seed: 0,
    ...(tuning ? { tuning } : {}),
  });
}

const chosen = async (trainer: Trainer) => [
  trainer.runner,
  ...(await trainer.schedule()).dispatches.map(({ variant }) => variant.name),
];

/** Pipelines compile slowly in a software adapter, and this times every candidate. */
const PATIENCE = 600_000;

test('runs what it chose, out of all candidates, each timed', { timeout: PATIENCE }, async (context) => {
  context.skip(!inject('full'), 'only in npm run test:full');
  const trainer = await create({ budget: PATIENCE, all: true }, [64, 5, 10]);
  const [steps, ...operations] = trainer.tuned;
  const { dispatches } = await trainer.schedule();
  expect(operations.map(({ label }) => label)).toEqual(dispatches.map(({ operation }) => operation.label));
  expect([steps, ...operations].map((tuned) => tuned!.variant)).toEqual(await chosen(trainer));
  expect(steps!.times.length).toBeGreaterThan(1);
  expect(operations.filter(({ times }) => times.length > 1).length).toBeGreaterThan(2);
  for (const { times, variant, remembered, untimed } of trainer.tuned) {
    expect(remembered).toBe(false);
    expect(untimed).toBe(0);
    for (const { microseconds } of times) {
      expect(microseconds).toBeGreaterThan(0);
    }
    if (times.length > 0) {
      expect(times.map((time) => time.variant)).toContain(variant);
    }
  }
  trainer.dispose();
});

test('leaves no trace: training begins as it would without', async () => {
  const trainer = await create({ budget: 3000 });
  const { network, optimiser: numbers, splits, batch, seed } = trainer.options;
  const reference = referenceTraining({ network, optimiser: numbers, train: splits.train, batch, seed });
  for await (const { evaluation } of trainer.run({ epochs: 4 })) {
    const { parameters } = reference.next().value;
    const expected = referenceLoss(network, parameters, splits.train, numbers.l2);
    expectClose([evaluation!.train.loss], [expected], 1e-5);
  }
  trainer.dispose();
});

test('changes no bit of the training', async () => {
  const [tuned, plain] = [await create({ budget: 3000 }), await create(undefined)];
  for (const trainer of [tuned, plain]) {
    for await (const _ of trainer.run({ epochs: 2 })) {
      // Both train alike.
    }
  }
  expect(await tuned.parameters()).toEqual(await plain.parameters());
  tuned.dispose();
  plain.dispose();
});

describe('the store', () => {
  test('is asked first, and then nothing is timed', async () => {
    const store = new MapStore();
    const first = await create({ store, budget: 3000 });
    expect(store.choices.size).toBeGreaterThan(0);
    const second = await create({ store, budget: 0 });
    expect(await chosen(second)).toEqual(await chosen(first));
    expect(second.tuned.every(({ times }) => times.length === 0)).toBe(true);
    expect(second.tuned.every(({ remembered }) => remembered)).toBe(true);
    first.dispose();
    second.dispose();
  });

  test.each(['no such variant', '', '{}', '{"choice":"chained","tried":["chained","no such variant"]}', '{"choice":'])(
    'is not believed where it says %j',
    async (text) => {
      const trainer = await create({ store: { read: () => text, write: () => undefined }, budget: 0 });
      const plain = await create(undefined);
      expect(await chosen(trainer)).toEqual(await chosen(plain));
      expect(trainer.tuned.every(({ remembered }) => !remembered)).toBe(true);
      trainer.dispose();
      plain.dispose();
    },
  );
});

test('without time everything keeps its default, and nothing is remembered', async () => {
  const store = new MapStore();
  const [tuned, plain] = [await create({ store, budget: 0 }), await create(undefined)];
  expect(await chosen(tuned)).toEqual(await chosen(plain));
  expect(plain.tuned).toEqual([]);
  expect(store.choices.size).toBe(0);
  tuned.dispose();
  plain.dispose();
});
