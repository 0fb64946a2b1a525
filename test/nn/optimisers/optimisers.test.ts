import { describe, expect, test } from 'vitest';
import { checkSettings, type GivenValues } from '../../../src/nn/number-setting';
import { type OptimiserRule, optimisers } from '../../../src/nn/optimisers';
import { requirePart } from '../../../src/nn/part';
import golden from '../../golden/torch-optimisers.json';
import { expectClose } from '../../support/close';

const rules: readonly OptimiserRule[] = Object.values(optimisers);

/** The parameters after each step, from the golden start and gradients. */
function* follow(rule: OptimiserRule, given: GivenValues, rates: readonly number[]): Generator<number[]> {
  const settings = checkSettings(rule.label, rule.settings, given);
  const parameters = golden.start.slice();
  const states = parameters.map(() => rule.state.map(() => 0));
  for (const [i, gradient] of golden.gradients.entries()) {
    const numbers = rule.numbers(settings, { step: i + 1, rate: rates[i]!, lastRate: rates[i - 1] ?? rates[i]! });
    for (const [k, g] of gradient.entries()) parameters[k] = rule.step(parameters[k]!, g, states[k]!, numbers);
    yield parameters.slice();
  }
}

const constant = golden.gradients.map(() => golden.rate);

describe.each(golden.cases)('$optimiser $settings, changing rate: $changing', (example) => {
  test('takes the steps of torch.optim', () => {
    const rule: OptimiserRule = optimisers[requirePart('optimiser', optimisers, example.optimiser)];
    const steps = [...follow(rule, example.settings, example.changing ? golden.rates : constant)];
    // Rounding alone: both compute in float64, in another order.
    for (const [step, parameters] of Object.entries(example.after)) {
      expectClose(steps[Number(step) - 1]!, parameters, 1e-13);
    }
  });
});

test('every optimiser has been compared', () => {
  expect(new Set(golden.cases.map(({ optimiser }) => optimiser))).toEqual(new Set(Object.keys(optimisers)));
});

test("learning rates are torch's where it has one, and the tutorial's for sgd", () => {
  const { sgd, ...others } = optimisers;
  const rates = Object.entries(others).map(([name, { learningRate }]) => [name, learningRate]);
  expect(Object.fromEntries(rates)).toEqual(golden.learningRates);
  expect(sgd.learningRate).toBe(0.2);
});

test("sgd's steps are the tutorial's to the bit while the rate stays, whatever the rate", () => {
  const { sgd } = optimisers;
  for (const rate of [0.2, 0.1, 1 / 3, 1e-5]) {
    const numbers = sgd.numbers({ momentum: 0.9, nesterov: 0 }, { step: 7, rate, lastRate: rate });
    const state = [0];
    let [theta, expected, velocity] = [0.5, 0.5, 0];
    for (const [gradient] of golden.gradients) {
      theta = sgd.step(theta, gradient!, state, numbers);
      velocity = 0.9 * velocity - rate * gradient!;
      expected += velocity;
      expect(theta).toBe(expected);
    }
  }
});

test('a rate of 0 moves nothing, and the steps after it are finite', () => {
  for (const rule of rules) {
    const settings = checkSettings(rule.label, rule.settings);
    const state = rule.state.map(() => 0);
    const still = rule.step(1, 0.5, state, rule.numbers(settings, { step: 1, rate: 0, lastRate: 0 }));
    expect(still).toBe(1);
    const moved = rule.step(1, 0.5, state, rule.numbers(settings, { step: 2, rate: 0.1, lastRate: 0 }));
    expect(moved).toBeLessThan(1);
  }
});

test('no optimiser remembers more than two numbers of a parameter, nor asks for settings that its own check refuses', () => {
  for (const rule of rules) {
    expect(rule.state.length).toBeLessThanOrEqual(2);
    expect(Object.keys(checkSettings(rule.label, rule.settings))).toEqual(Object.keys(rule.settings));
  }
});
