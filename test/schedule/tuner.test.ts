// The tuner chooses among candidates, remembers, never trusts a choice that does not fit, and leaves no trace.

import { describe, expect, test } from 'vitest';
import { tutorialSplit } from '../../src/data/digits';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { referenceLoss, referenceTraining } from '../../src/reference/trainer';
import type { TuningOptions, TuningStore } from '../../src/schedule/tuner';
import { Trainer } from '../../src/train/trainer';
import { expectClose } from '../support/close';
import { openTestDevice } from '../support/device';
import { loadDigits } from '../support/digits';

class MapStore implements TuningStore {
  readonly choices = new Map<string, string>();
  read = (key: string) => this.choices.get(key);
  write = (key: string, variant: string) => void this.choices.set(key, variant);
}

async function create(tuning: TuningOptions | undefined): Promise<Trainer> {
  return Trainer.create(await openTestDevice(), {
    network: denseNetwork([64, 20, 10]),
    optimiser: optimiser({ learningRate: 0.1, momentum: 0.9, l2: 0.1 }),
    splits: tutorialSplit(await loadDigits()),
    batch: 50,
    seed: 0,
    ...(tuning ? { tuning } : {}),
  });
}

const timed = async () => (await openTestDevice()).gpu.features.has('timestamp-query');
const chosen = (trainer: Trainer) => trainer.schedule.dispatches.map(({ variant }) => variant.name);

test('runs what it chose, out of the candidates that it timed', async () => {
  const trainer = await create({ budget: 60_000 });
  expect(trainer.tuned.map(({ label }) => label)).toEqual(
    trainer.schedule.dispatches.map(({ operation }) => operation.label),
  );
  expect(trainer.tuned.map(({ variant }) => variant)).toEqual(chosen(trainer));
  for (const { variant, times } of trainer.tuned) {
    if (times.length > 0) {
      const fastest = Math.min(...times.map(({ microseconds }) => microseconds));
      const time = times.find((candidate) => candidate.variant === variant)!.microseconds;
      expect(fastest).toBeGreaterThan(0);
      expect(time).toBeLessThan(1.05 * fastest);
    }
  }
  expect(trainer.tuned.some(({ times }) => times.length > 1)).toBe(await timed());
  trainer.dispose();
});

test('leaves no trace: training begins as it would without', async () => {
  const trainer = await create({ budget: 60_000 });
  const { network, optimiser: numbers, splits, batch, seed } = trainer.options;
  const reference = referenceTraining({ network, optimiser: numbers, train: splits.train, batch, seed });
  for await (const { evaluation } of trainer.run({ epochs: 4 })) {
    const { parameters } = reference.next().value;
    const expected = referenceLoss(network, parameters, splits.train, numbers.l2);
    expectClose([evaluation!.train.loss], [expected], 1e-5);
  }
  trainer.dispose();
});

describe('the store', () => {
  test('is asked first, and then nothing is timed', async () => {
    const store = new MapStore();
    const first = await create({ store, budget: 60_000 });
    expect(store.choices.size > 0).toBe(await timed());
    const second = await create({ store });
    expect(chosen(second)).toEqual(chosen(first));
    if (await timed()) {
      expect(second.tuned.every(({ times }) => times.length === 0)).toBe(true);
      expect(second.tuned.some(({ remembered }) => remembered)).toBe(true);
    }
    first.dispose();
    second.dispose();
  });

  test('is not believed where it names no candidate', async () => {
    const trainer = await create({ store: { read: () => 'no such variant', write: () => undefined }, budget: 60_000 });
    expect(chosen(trainer)).not.toContain('no such variant');
    expect(trainer.tuned.every(({ remembered }) => !remembered)).toBe(true);
    trainer.dispose();
  });
});

test('without time every operation keeps its default, and nothing is remembered', async () => {
  const store = new MapStore();
  const [tuned, plain] = [await create({ store, budget: 0 }), await create(undefined)];
  expect(chosen(tuned)).toEqual(chosen(plain));
  expect(plain.tuned).toEqual([]);
  expect(store.choices.size).toBe(0);
  tuned.dispose();
  plain.dispose();
});
