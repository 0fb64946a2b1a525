// What a network has learned, held against small networks that can be worked out by hand, and against the reference.

import { expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import type { Dataset } from '../../src/data/dataset';
import { tutorialSplit } from '../../src/data/digits';
import { denseNetwork, initialParameters } from '../../src/nn/network';
import { referenceAccuracy } from '../../src/reference/trainer';
import {
  confusionMatrix,
  firstLayer,
  layerSpreads,
  predict,
  readImage,
  worstMistakes,
} from '../../src/train/inspection';
import { loadDigits } from '../support/digits';
import { expectError } from '../support/errors';

/** Answers each class with the feature of that number: y = x. */
const identity = denseNetwork([3, 3], { output: 'linear' });
const unchanged = [{ w: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), b: new Float64Array(3) }];

const LN2 = Math.log(2);
const LN6 = Math.log(6);

/** Rows whose softmax is (1/4, 1/2, 1/4), (1/8, 1/8, 6/8) and (1/2, 1/4, 1/4). */
const data: Dataset = {
  name: 'three rows',
  rows: 3,
  columns: 3,
  classes: 3,
  features: Float32Array.of(0, LN2, 0, 0, 0, LN6, LN2, 0, 0),
  labels: Uint32Array.of(1, 1, 2),
};

test('probabilities, answers, confusions and mistakes of a network that hands its input on', () => {
  const found = predict(identity, unchanged, data);
  const expected = [0.25, 0.5, 0.25, 0.125, 0.125, 0.75, 0.5, 0.25, 0.25];
  // Features are float32: ln 2 and ln 6 are off by up to 6e-8.
  expected.forEach((value, i) => expect(Math.abs(found.probabilities[i]! - value)).toBeLessThan(1e-7));
  expect(found.predicted).toEqual(Uint32Array.of(1, 2, 0));
  expect(confusionMatrix(found, data.labels)).toEqual(Uint32Array.of(0, 0, 0, 0, 1, 1, 1, 0, 0));
  expect(worstMistakes(found, data.labels, 9)).toEqual(Uint32Array.of(1, 2));
  expect(worstMistakes(found, data.labels, 1)).toEqual(Uint32Array.of(1));
});

test('an image read alone is read as in its data set, layer by layer', async () => {
  const network = denseNetwork([64, 7, 10]);
  const parameters = initialParameters(network, new RandomState(3));
  const { test: split } = tutorialSplit(await loadDigits());
  const all = predict(network, parameters, split);
  for (const row of [0, 17, 593]) {
    const one = readImage(network, parameters, split.features.subarray(64 * row, 64 * row + 64));
    expect(one.probabilities).toEqual(all.probabilities.subarray(10 * row, 10 * row + 10));
    expect(one.activations.map(({ length }) => length)).toEqual([7, 10]);
    one.activations.forEach((values, i) => {
      const { columns, data: whole } = all.activations[i]!;
      expect(values).toEqual(Float32Array.from(whole.subarray(columns * row, columns * (row + 1))));
    });
  }
});

test('the diagonal of the confusions is the accuracy, and its rows are the classes', async () => {
  const network = denseNetwork([64, 10]);
  const parameters = initialParameters(network, new RandomState(1));
  const { valid } = tutorialSplit(await loadDigits());
  const counts = confusionMatrix(predict(network, parameters, valid), valid.labels);
  const diagonal = Array.from({ length: 10 }, (_, i) => counts[11 * i]!).reduce((sum, count) => sum + count, 0);
  expect(diagonal / valid.rows).toBe(referenceAccuracy(network, parameters, valid));
  for (let digit = 0; digit < 10; digit++) {
    const row = counts.subarray(10 * digit, 10 * digit + 10).reduce((sum, count) => sum + count, 0);
    expect(row).toBe(valid.labels.filter((label) => label === digit).length);
  }
});

test('the first layer’s weights come unit by unit, the first ones only where there are many', () => {
  const network = denseNetwork([2, 3, 2]);
  const parameters = [
    { w: Float64Array.of(1, 2, 3, 4, 5, 6), b: new Float64Array(3) },
    { w: new Float64Array(6), b: new Float64Array(2) },
  ];
  expect(firstLayer(network, parameters, 9)).toEqual({
    inputs: 2,
    units: 3,
    weights: Float32Array.of(1, 4, 2, 5, 3, 6),
  });
  expect(firstLayer(network, parameters, 1)).toMatchObject({ units: 3, weights: Float32Array.of(1, 4) });
});

test('spreads of weights, activations and gradients, each of its own layer', () => {
  const found = predict(identity, unchanged, data);
  const gradients = [{ w: Float64Array.of(-9, 0, 0, 0, 0, 0, 0, 0, 9), b: new Float64Array(3) }];
  const [layer] = layerSpreads(identity, unchanged, found, gradients, 2);
  expect(layer).toMatchObject({ name: 'dense1', outputs: 3 });
  expect(layer!.weights).toMatchObject({ from: 0, to: 1, counts: Uint32Array.of(6, 3) });
  expect(layer!.activations.counts).toEqual(Uint32Array.of(8, 1));
  expect(layer!.gradients).toMatchObject({ from: -9, to: 9, counts: Uint32Array.of(1, 8) });
  expect(layerSpreads(identity, unchanged, found, undefined, 2)[0]).not.toHaveProperty('gradients');
});

test('an image of another size is refused', () => {
  expectError(() => readImage(identity, unchanged, [1, 2]), 'shape', /columns of x/);
});
