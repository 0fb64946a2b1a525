import { expect, test } from 'vitest';
import { optimiser, type OptimiserOptions } from '../../src/nn/optimiser';
import { TUTORIAL_L2, TUTORIAL_L2_GRID, TUTORIAL_LEARNING_RATE, TUTORIAL_MOMENTUM } from '../../src/nn/tutorial';
import { expectError } from '../support/errors';

test('momentum and penalty are off unless told', () => {
  expect(optimiser({ learningRate: 0.2 })).toEqual({ learningRate: 0.2, momentum: 0, l2: 0 });
});

test("the tutorial's numbers are accepted, and its λ is the fifth of its grid", () => {
  const options = { learningRate: TUTORIAL_LEARNING_RATE, momentum: TUTORIAL_MOMENTUM, l2: TUTORIAL_L2 };
  expect(optimiser(options)).toEqual(options);
  expect(TUTORIAL_L2_GRID).toHaveLength(10);
  expect(TUTORIAL_L2_GRID[0]).toBeCloseTo(0.01, 15);
  expect(TUTORIAL_L2_GRID[4]).toBeCloseTo(TUTORIAL_L2, 6); // printed with six decimals
  expect(TUTORIAL_L2_GRID[9]).toBe(100);
});

test.each<[OptimiserOptions, RegExp]>([
  [{ learningRate: 0 }, /learning rate is 0; use a finite number above 0/],
  [{ learningRate: Number.NaN }, /learning rate is NaN/],
  [{ learningRate: Number.POSITIVE_INFINITY }, /learning rate is Infinity/],
  [{ learningRate: 1, momentum: 1 }, /momentum is 1; use a number from 0 to below 1/],
  [{ learningRate: 1, momentum: -0.1 }, /momentum is -0.1/],
  [{ learningRate: 1, momentum: Number.NaN }, /momentum is NaN/],
  [{ learningRate: 1, l2: -1 }, /L2 penalty is -1/],
  [{ learningRate: 1, l2: Number.POSITIVE_INFINITY }, /L2 penalty is Infinity/],
])('%j is refused', (options, message) => expectError(() => optimiser(options), 'usage', message));
