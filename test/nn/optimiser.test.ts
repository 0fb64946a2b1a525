import { expect, test } from 'vitest';
import { optimiser, type OptimiserOptions } from '../../src/nn/optimiser';
import { TUTORIAL_L2, TUTORIAL_L2_GRID, TUTORIAL_LEARNING_RATE, TUTORIAL_MOMENTUM } from '../../src/nn/tutorial';
import { expectError } from '../support/errors';

test('sgd without momentum and penalty, at the rate of its rule, unless told', () => {
  const settings = { momentum: 0, nesterov: 0 };
  expect(optimiser({})).toMatchObject({ kind: 'sgd', learningRate: 0.2, l2: 0, settings });
  const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8 };
  expect(optimiser({ kind: 'adam', beta2: 0.95 })).toMatchObject({ kind: 'adam', learningRate: 0.001, settings: adam });
});

test("the tutorial's numbers are accepted, and its λ is the fifth of its grid", () => {
  const { learningRate, settings, l2 } = optimiser({
    learningRate: TUTORIAL_LEARNING_RATE,
    momentum: TUTORIAL_MOMENTUM,
    l2: TUTORIAL_L2,
  });
  expect([learningRate, settings['momentum'], l2]).toEqual([TUTORIAL_LEARNING_RATE, TUTORIAL_MOMENTUM, TUTORIAL_L2]);
  expect(TUTORIAL_L2_GRID).toHaveLength(10);
  expect(TUTORIAL_L2_GRID[0]).toBeCloseTo(0.01, 15);
  expect(TUTORIAL_L2_GRID[4]).toBeCloseTo(TUTORIAL_L2, 6); // printed with six decimals
  expect(TUTORIAL_L2_GRID[9]).toBe(100);
});

test.each<[OptimiserOptions, RegExp]>([
  [{ learningRate: 0 }, /learning rate is 0; use a number above 0/],
  [{ learningRate: Number.NaN }, /learning rate is NaN/],
  [{ learningRate: 1e39 }, /learning rate is 1e\+39; use a number above 0 that float32 can hold, such as 0.2/],
  [{ learningRate: 1e-60 }, /learning rate is 1e-60/],
  [{ learningRate: 1, momentum: 1 }, /Momentum of sgd \(momentum\) is 1; use a number from 0 to below 1/],
  [{ learningRate: 1, momentum: -0.1 }, /is -0.1/],
  [{ learningRate: 1, momentum: Number.NaN }, /is NaN/],
  [{ kind: 'adam', beta1: 1 }, /of adam \(beta1\) is 1/],
  [{ learningRate: 1, l2: -1 }, /L2 penalty is -1/],
  [{ learningRate: 1, l2: Number.POSITIVE_INFINITY }, /L2 penalty is Infinity/],
])('%j is refused', (options, message) => expectError(() => optimiser(options), 'usage', message));

test('unknown kinds and settings are told what they were to be', () => {
  // @ts-expect-error: what a caller without types could pass
  expectError(() => optimiser({ kind: 'adamm' }), 'usage', /no optimiser 'adamm'.*adam/);
  // @ts-expect-error: likewise
  expectError(() => optimiser({ kind: 'adam', momentum: 0.9 }), 'usage', /adam has no setting 'momentum'/);
});
