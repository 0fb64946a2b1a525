// Early stopping and schedules that watch the loss: the decisions of a training by its own results.

import { describe, expect, test } from 'vitest';
import { optimiser, type OptimiserOptions, updateNumbers } from '../../src/nn/optimiser';
import { type ScheduleRule, schedules } from '../../src/nn/schedules';
import { afterEvaluation, stopping as ruleOf, STOPPING_START } from '../../src/train/stopping';
import { Trainer, type TrainerOptions } from '../../src/train/trainer';
import { expectError } from '../support/errors';
import { openTestDevice } from '../support/device';
import { madeUp } from '../support/made-up';

/** Random labels: a network of this size learns them by heart, and its validation loss soon rises. */
function overfitting(more: Partial<TrainerOptions> = {}): TrainerOptions {
  return { ...madeUp({ rows: 25, batch: 5, learningRate: 0.004, l2: 0 }), ...more };
}

/** A run to its end: the validation losses, where it stopped, and what it left. */
async function run(options: TrainerOptions, parts: readonly number[] = [60]) {
  const trainer = await Trainer.create(await openTestDevice(), options);
  try {
    const losses: number[] = [];
    for (const epochs of parts) {
      for await (const report of trainer.run({ epochs })) {
        if (report.epoch === losses.length) losses.push(report.evaluation!.valid.loss);
      }
    }
    const { epoch, stopped, best } = trainer;
    const last = await trainer.parameters();
    trainer.restoreBest();
    return { losses, epoch, stopped, best, last, restored: await trainer.evaluate() };
  } finally {
    trainer.dispose();
  }
}

test('a training stops by its validation loss, at the epoch that its losses tell, and gives the best parameters back', async () => {
  const whole = await run(overfitting());
  const options = { patience: 4 };
  const rule = ruleOf(options, 10, { better: 'higher' });
  let state = STOPPING_START;
  const end = whole.losses.findIndex((loss, epoch) => {
    const verdict = afterEvaluation(rule, state, epoch, { loss, metric: 0 });
    state = verdict.state;
    return verdict.stop;
  });
  expect(end).toBeGreaterThan(4);
  const stopped = await run(overfitting({ stopping: options }));
  expect(stopped.stopped).toBe(true);
  expect(stopped.epoch).toBe(end);
  // The same bits as without it, as far as it went.
  expect(stopped.losses).toEqual(whole.losses.slice(0, end + 1));
  expect(stopped.best?.epoch).toBe(whole.losses.indexOf(Math.min(...whole.losses.slice(0, end + 1))));
  expect(stopped.restored).toEqual(stopped.best?.evaluation);
});

test('the best parameters come back also when the run ends first', async () => {
  const { losses, stopped, best, restored } = await run(overfitting({ stopping: { patience: 1000 } }), [12]);
  expect(stopped).toBe(false);
  expect(best?.epoch).toBe(losses.indexOf(Math.min(...losses)));
  expect(restored).toEqual(best?.evaluation);
});

test('resident, cut into runs, and from a state in the midst: the same end', async () => {
  const options = overfitting({ stopping: { patience: 4 } });
  const whole = await run(options);
  const cut = await run({ ...options, runner: 'resident' }, [3, 1, 2, 60]);
  expect(cut).toEqual({ ...whole, losses: cut.losses });
  const trainer = await Trainer.create(await openTestDevice(), options);
  for await (const _ of trainer.run({ epochs: whole.best!.epoch + 2 })) {
    // To where the best parameters lie behind.
  }
  const state = structuredClone(await trainer.state());
  trainer.dispose();
  const resumed = await run({ ...options, from: state });
  expect(resumed).toEqual({ ...whole, losses: resumed.losses });
});

test('what makes no sense is refused before anything is made', async () => {
  const device = await openTestDevice();
  for (const [stopping, message] of [
    [{ patience: 0 }, /patience is 0/],
    [{ patience: 3, minimumImprovement: -1 }, /minimum improvement is -1/],
  ] as const) {
    await expect(Trainer.create(device, overfitting({ stopping }))).rejects.toThrow(message);
  }
  expectError(() => optimiser({ schedule: { kind: 'cosine' } }), 'usage', /give it the number of its epochs/);
});

describe('a schedule that watches the loss', () => {
  const numbers: OptimiserOptions = {
    learningRate: 0.5,
    momentum: 0.9,
    schedule: { kind: 'plateau', patience: 1, gamma: 0.5, tolerance: 0.02 },
  };
  const options = overfitting({ optimiser: optimiser(numbers) });

  /** The mean loss of each epoch's batches, and the parameters in the end. */
  async function watched(more: Partial<TrainerOptions>, parts: readonly number[]) {
    const trainer = await Trainer.create(await openTestDevice(), { ...options, ...more });
    try {
      const losses: number[] = [];
      for (const steps of parts) {
        for await (const { batches } of trainer.run({ steps, every: 1000 })) {
          if (batches) losses.push(batches.loss);
        }
      }
      return { losses, parameters: await trainer.parameters(), state: structuredClone(await trainer.state()) };
    } finally {
      trainer.dispose();
    }
  }

  test('gives the same bits however steps are cut, resident or resumed', async () => {
    const whole = await watched({}, [100]);
    const rule: ScheduleRule = schedules.plateau;
    if (!rule.watches) throw new Error('plateau watches the loss');
    let state = rule.start;
    for (const loss of whole.losses) state = rule.after(options.optimiser.schedule.settings, state, loss);
    expect(state.factor).toBeLessThan(1);
    expect(whole.state.members[0]!.watched).toEqual(state);
    const cut = await watched({ runner: 'resident' }, [3, 22, 40, 35]);
    expect(cut.parameters).toEqual(whole.parameters);
    const change = whole.state.members[0]!.rateChange!.step;
    const first = await watched({}, [change]);
    const second = await watched({ from: first.state }, [100 - change]);
    expect(second.parameters).toEqual(whole.parameters);
  });

  test('scales the velocity with the rate, as PyTorch does', () => {
    const { own, rate } = updateNumbers(options.optimiser, 7, { stepsAnEpoch: 5, rows: 25 }, [0.5, 1]);
    expect([rate, own[0]]).toEqual([0.25, 0.45]);
  });
});
