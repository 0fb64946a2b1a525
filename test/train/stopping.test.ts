import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { losses } from '../../src/nn/losses';
import {
  afterEvaluation,
  stopping,
  type Stopping,
  STOPPING_START,
  type StoppingOptions,
} from '../../src/train/stopping';
import { expectError } from '../support/errors';

const ACCURACY = losses.softmaxCrossEntropy.metric;

/** The number of evaluations until the stop (or all), and where the best was, counted from 0. */
function follow(rule: Stopping, values: readonly number[]) {
  let state = STOPPING_START;
  const kept: number[] = [];
  for (const [i, value] of values.entries()) {
    const other = rule.watch === 'loss' ? { metric: -value } : { loss: -value };
    const verdict = afterEvaluation(rule, state, i, { loss: value, metric: value, ...other });
    state = structuredClone(verdict.state); // as a training's state would keep it
    if (verdict.best) kept.push(i);
    if (verdict.stop) return { evaluations: i + 1, best: state.best?.step, kept };
  }
  return { evaluations: values.length, best: state.best?.step, kept };
}

const byLoss = (options: StoppingOptions) => stopping(options, 10, ACCURACY);
const byMetric = (options: StoppingOptions) => stopping({ ...options, watch: 'metric' }, 10, ACCURACY);

test('a training stops after as many evaluations without a lower loss as its patience', () => {
  expect(follow(byLoss({ patience: 3 }), [5, 4, 4.5, 4, 4.1, 1])).toEqual({ evaluations: 5, best: 1, kept: [0, 1] });
  expect(follow(byLoss({ patience: 1 }), [5, 4, 4, 3])).toEqual({ evaluations: 3, best: 1, kept: [0, 1] });
  expect(follow(byLoss({ patience: 4 }), [5, 4, 4.5, 4, 4.1, 1])).toEqual({ evaluations: 6, best: 5, kept: [0, 1, 5] });
});

test('a metric improves in its own direction', () => {
  expect(follow(byMetric({ patience: 2 }), [0.5, 0.6, 0.6, 0.55, 0.9])).toEqual({
    evaluations: 4,
    best: 1,
    kept: [0, 1],
  });
  const error = stopping({ patience: 2, watch: 'metric' }, 10, losses.meanSquaredError.metric);
  expect(follow(error, [0.5, 0.6, 0.4, 0.45, 0.41])).toEqual({ evaluations: 5, best: 2, kept: [0, 2] });
});

test('small gains keep their parameters, and earn patience once they add up to the minimum', () => {
  const rule = byLoss({ patience: 3, minimumImprovement: 0.25 });
  expect(follow(rule, [2, 1.875, 1.75, 1.625, 1.5, 1.5, 1.5, 1.5, 0])).toEqual({
    evaluations: 8,
    best: 4,
    kept: [0, 1, 2, 3, 4],
  });
  expect(follow(rule, [2, 1.9, 1.9, 1.9])).toEqual({ evaluations: 4, best: 1, kept: [0, 1] });
});

test('what is not finite is never the best, not even first', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  expect(follow(byLoss({ patience: 2 }), [nan, 3, infinity, nan])).toEqual({ evaluations: 4, best: 1, kept: [1] });
  expect(follow(byMetric({ patience: 2 }), [infinity, nan])).toEqual({ evaluations: 2, best: undefined, kept: [] });
});

test('the best is the first of the best values up to the stop, and no stop comes early or late', () => {
  const values = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 6 }), fc.boolean(), (list, patience, metric) => {
      const found = follow((metric ? byMetric : byLoss)({ patience }), list);
      const lower = list.map((value) => (metric ? -value : value));
      // By definition: the least n at which none of the last `patience` values is below all before them.
      const stale = (n: number) =>
        n > patience && Math.min(...lower.slice(n - patience, n)) >= Math.min(...lower.slice(0, n - patience));
      const stop = list.findIndex((_, i) => stale(i + 1));
      const evaluations = stop < 0 ? list.length : stop + 1;
      const seen = lower.slice(0, evaluations);
      expect(found.evaluations).toBe(evaluations);
      expect(found.best).toBe(seen.indexOf(Math.min(...seen)));
    }),
  );
});

test('what makes no sense is refused', () => {
  expectError(
    () => byLoss({ patience: 0 }),
    'usage',
    /^The patience is 0, not a whole number of at least 1; leave it out/,
  );
  expectError(() => byLoss({ patience: 2.5 }), 'usage', /patience is 2\.5/);
  expectError(() => byLoss({ patience: 2, minimumImprovement: -1 }), 'usage', /minimum improvement is -1; use/);
  expectError(() => byLoss({ patience: 2, minimumImprovement: Number.NaN }), 'usage', /minimum improvement is NaN/);
  expectError(() => stopping({ patience: 20 }, 0, ACCURACY), 'usage', /^A patience of 20 needs a validation set/);
});
