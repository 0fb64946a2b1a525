import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { denseNetwork, initialParameters, networkSizes, parameterCount } from '../../src/nn/network';
import { TUTORIAL_SIZES } from '../../src/nn/tutorial';
import { expectError } from '../support/errors';

test("the tutorial's network has three sigmoid layers", () => {
  expect(denseNetwork(TUTORIAL_SIZES).layers).toEqual([
    { name: 'dense1', inputs: 64, outputs: 48, activation: 'sigmoid', weights: 'glorotUniform' },
    { name: 'dense2', inputs: 48, outputs: 32, activation: 'sigmoid', weights: 'glorotUniform' },
    { name: 'dense3', inputs: 32, outputs: 10, activation: 'sigmoid', weights: 'glorotUniform' },
  ]);
});

test('a linear output leaves the hidden layers as they are', () => {
  for (const [sizes, activations] of [
    [
      [4, 3, 2],
      ['sigmoid', 'linear'],
    ],
    [[4, 2], ['linear']],
  ] as const) {
    expect(denseNetwork(sizes, { output: 'linear' }).layers.map((layer) => layer.activation)).toEqual(activations);
  }
});

test('sizes make a network and a network gives them back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 6 }), (sizes) => {
      const network = denseNetwork(sizes);
      expect(networkSizes(network)).toEqual(sizes);
      const parameters = initialParameters(network, new RandomState(1));
      const numbers = parameters.reduce((sum, { w, b }) => sum + w.length + b.length, 0);
      expect(parameterCount(network)).toBe(numbers);
    }),
  );
  expect(parameterCount(denseNetwork(TUTORIAL_SIZES))).toBe(5018);
});

test('initial weights come from one stream, layer by layer, within r; biases are zero', () => {
  const network = denseNetwork([5, 4, 3]);
  const random = new RandomState(7);
  const parameters = initialParameters(network, random);
  const stream = new RandomState(7);
  const r = [Math.sqrt(6 / 9), Math.sqrt(6 / 7)];
  parameters.forEach(({ w, b }, i) => {
    const expected = Array.from(w, () => (2 * stream.randomDouble() - 1) * r[i]!);
    w.forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 14));
    expect(b.every((value) => value === 0)).toBe(true);
  });
  expect(random.randomUint32()).toBe(stream.randomUint32()); // and nothing more was drawn
});

test('impossible sizes are named', () => {
  expectError(() => denseNetwork([64]), 'shape', /sizes \[64\] make no layer/);
  expectError(() => denseNetwork([64, 0, 10]), 'shape', /Size 1 of the network \[64, 0, 10\] is 0/);
  expectError(() => denseNetwork([64, 2.5]), 'shape', /is 2.5, not a whole number of at least 1/);
  expectError(
    // @ts-expect-error: what a caller without types could pass
    () => denseNetwork([2, 2], { output: 'step' }),
    'usage',
    /There is no activation 'step'/,
  );
  expectError(() => denseNetwork([2, 3, 2], { hidden: ['relu', 'tanh'] }), 'usage', /2 activations for 1 hidden layer/);
});

test('initial weights may follow the activation', () => {
  const weights = (options: Parameters<typeof denseNetwork>[1]) =>
    denseNetwork([5, 4, 3, 2], options).layers.map((layer) => layer.weights);
  expect(weights({ hidden: ['relu', 'tanh'] })).toEqual(['glorotUniform', 'glorotUniform', 'glorotUniform']);
  expect(weights({ hidden: ['relu', 'tanh'], weights: 'auto', output: 'linear' })).toEqual([
    'heUniform',
    'glorotUniform',
    'glorotUniform',
  ]);
  expect(weights({ weights: 'lecunNormal' })).toEqual(['lecunNormal', 'lecunNormal', 'lecunNormal']);
});
