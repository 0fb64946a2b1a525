import { describe, expect, test } from 'vitest';
import { RandomState } from '../../../src/base/random';
import { initialisers } from '../../../src/nn/initialisers';
import { requirePart } from '../../../src/nn/part';
import golden from '../../golden/torch-initialisers.json';
import { expectClose } from '../../support/close';

describe.each(golden)('$initialiser', ({ initialiser, seed, draws }) => {
  const rule = initialisers[requirePart('initialiser', initialisers, initialiser)];

  test("draws NumPy's numbers with torch's spread, layer after layer from one stream", () => {
    const random = new RandomState(seed);
    for (const { inputs, outputs, values } of draws) {
      const weights = rule.draw(random, inputs, outputs);
      expect(weights.length).toBe(inputs * outputs);
      expectClose(weights.subarray(0, values.length), values, 1e-15);
    }
  });

  test('goes on from the state of a stream as if it had not been cut', () => {
    const whole = new RandomState(seed);
    rule.draw(whole, 3, 5);
    const resumed = RandomState.from(structuredClone(whole.state));
    expect(rule.draw(resumed, 4, 2)).toEqual(rule.draw(whole, 4, 2));
  });
});

test('all initial weights have been compared', () => {
  expect(new Set(golden.map(({ initialiser }) => initialiser))).toEqual(new Set(Object.keys(initialisers)));
});

test("glorotUniform is the tutorial's draw, to the bit", () => {
  const r = Math.sqrt(6) / Math.sqrt(64 + 48);
  const expected = new RandomState(3).uniform(-r, r, 64 * 48);
  expect(initialisers.glorotUniform.draw(new RandomState(3), 64, 48)).toEqual(expected);
});
