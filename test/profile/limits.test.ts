// Real operations under the ceilings of the adapter that they ran on: none is faster than what limits it.

import { expect, inject, test } from 'vitest';
import { tutorialSplit } from '../../src/data/digits';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { type Ceilings, measureCeilings } from '../../src/profile/ceilings';
import { rangeOf } from '../../src/profile/estimate';
import type { Recording } from '../../src/profile/recording';
import { rooflinePoint } from '../../src/profile/roofline';
import { Trainer } from '../../src/train/trainer';
import { openTestDevice } from '../support/device';
import { loadDigits } from '../support/digits';

/** Steps that are timed: one in eight of those that are trained. */
const TIMED = 40;

const TRAININGS = [
  { program: 'naive', batch: 'full' },
  { program: 'naive', batch: 32 },
  { program: 'fused', batch: 'full' },
  { program: 'fused', batch: 32 },
] as const;

async function record({ program, batch }: (typeof TRAININGS)[number]): Promise<Recording> {
  const trainer = await Trainer.create(await openTestDevice(), {
    network: denseNetwork([64, 48, 32, 10]),
    optimiser: optimiser({ learningRate: 0.2, momentum: 0.9, l2: 0.6 }),
    splits: tutorialSplit(await loadDigits()),
    batch,
    seed: 0,
    program,
  });
  try {
    while (trainer.timedSteps < TIMED) {
      for await (const _ of trainer.run({ steps: 50, every: 1000 })) {
        // Until enough is timed.
      }
    }
    return trainer.recording();
  } finally {
    trainer.dispose();
  }
}

/** The better of two measurements of each ceiling: whatever else the machine does can only lower one. */
function higher(one: Ceilings, other: Ceilings): Ceilings {
  return {
    flops: Math.max(one.flops, other.flops),
    memory: Math.max(one.memory, other.memory),
    cache: Math.max(one.cache, other.cache),
    cacheBytes: Math.max(one.cacheBytes, other.cacheBytes),
    launch: Math.min(one.launch, other.launch),
  };
}

test('no operation exceeds the limit that binds it by more than its interval: naive and fused, full batch and minibatches', async (context) => {
  context.skip(!inject('full'), 'only in npm run test:full');
  const device = await openTestDevice();
  if (!device.gpu.features.has('timestamp-query')) context.skip('this adapter has no timestamps');
  const before = await measureCeilings(device);
  const recordings: Recording[] = [];
  for (const training of TRAININGS) recordings.push(await record(training));
  const ceilings = higher(before, await measureCeilings(device));
  const points = recordings.flatMap(({ operations }, i) =>
    operations.map(({ label, cost, estimate }) => {
      const time = rangeOf(estimate);
      expect(time, label).toBeDefined();
      const { program, batch } = TRAININGS[i]!;
      return { name: `${program}, ${batch}: ${label}`, ...rooflinePoint(cost, time!, ceilings) };
    }),
  );
  // 2L + 1 operations fused, for three layers; the naive program has one for each line, and one more that gathers a batch.
  expect(points.length).toBeGreaterThan(2 * 7 + 2 * 20);
  const excesses = points
    .filter(({ share }) => share.low > 1)
    .map(({ name, limit, share }) => ({ name, limit, share }));
  expect(excesses).toEqual([]);
});
