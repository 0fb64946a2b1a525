import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSettings } from '../../../src/nn/number-setting';
import { requirePart } from '../../../src/nn/part';
import { type ScheduleRule, schedules } from '../../../src/nn/schedules';
import golden from '../../golden/torch-schedules.json';
import { expectClose } from '../../support/close';

const { epochs, stepsAnEpoch, rows } = golden;
const rules: readonly ScheduleRule[] = Object.values(schedules);

describe.each(golden.cases)('$schedule $settings', (example) => {
  test('has the rates of the scheduler in torch or scikit-learn, step by step', () => {
    const rule: ScheduleRule = schedules[requirePart('schedule', schedules, example.schedule)];
    if (rule.watches) throw new Error('a schedule that watches has no plan');
    const settings = checkSettings(rule.label, rule.settings, example.settings);
    const factors = example.factors.map((_, step) =>
      rule.factor(settings, { step, epoch: Math.floor(step / stepsAnEpoch), stepsAnEpoch, epochs, rows }),
    );
    expectClose(factors, example.factors, 1e-13); // torch computes some of them by recursion
  });
});

describe.each(golden.plateau)('plateau $settings', (example) => {
  test("has the rates of scikit-learn's adaptive, epoch by epoch", () => {
    const { plateau } = schedules;
    let state = plateau.start;
    const factors = example.losses.map((loss) => {
      state = plateau.after(example.settings, state, loss);
      return state.factor;
    });
    expectClose(factors, example.factors, 1e-15);
    // Each on its own: near the floor the largest is no measure.
    factors.forEach((factor, i) => expect(factor / example.factors[i]!).toBeCloseTo(1, 12));
    expect(new Set(factors).size).toBeGreaterThan(3);
  });
});

test('every schedule has been compared', () => {
  const compared = new Set([...golden.cases.map(({ schedule }) => schedule), 'plateau']);
  expect(compared).toEqual(new Set(Object.keys(schedules)));
});

test('a factor lies in (0, 1] at every step of a training, whatever its length and the settings', () => {
  const position = fc.record({
    epochs: fc.integer({ min: 1, max: 200 }),
    stepsAnEpoch: fc.integer({ min: 1, max: 20 }),
    rows: fc.integer({ min: 1, max: 5000 }),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    warmup: fc.integer({ min: 0, max: 250 }),
  });
  fc.assert(
    fc.property(position, ({ at, warmup, ...training }) => {
      const step = Math.floor(at * training.epochs * training.stepsAnEpoch);
      const epoch = Math.floor(step / training.stepsAnEpoch);
      for (const rule of rules) {
        if (rule.watches) continue;
        const settings = checkSettings(rule.label, rule.settings, 'warmup' in rule.settings ? { warmup } : {});
        const factor = rule.factor(settings, { step, epoch, ...training });
        expect(factor).toBeGreaterThan(0);
        expect(factor).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('a warm-up ends at the whole rate, and what goes on beyond its epochs stays at the floor', () => {
  const settings = { warmup: 2, floor: 0.25 };
  const factor = (step: number) =>
    schedules.cosine.factor(settings, { step, epoch: Math.floor(step / 5), stepsAnEpoch: 5, epochs: 6, rows: 40 });
  expect([0, 4, 9, 10].map(factor)).toEqual([0.1, 0.5, 1, 1]);
  expect([30, 31, 300].map(factor)).toEqual([0.25, 0.25, 0.25]);
});
