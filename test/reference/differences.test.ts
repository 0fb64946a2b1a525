import { describe, expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import type { Dataset } from '../../src/data/dataset';
import { denseNetwork, initialParameters } from '../../src/nn/network';
import { centralDifferences, type ParameterPlace } from '../../src/reference/differences';
import { referenceGradients } from '../../src/reference/trainer';
import { expectClose } from '../support/close';
import { expectError } from '../support/errors';

const random = new RandomState(12);
const dataset: Dataset = {
  name: 'random',
  rows: 7,
  columns: 5,
  classes: 3,
  features: Float32Array.from(random.standardNormal(35)),
  labels: Uint32Array.of(0, 1, 2, 2, 1, 0, 1),
};

describe('reference gradients equal central differences of the reference loss', () => {
  test.each([
    { sizes: [5, 3], output: 'linear', lambda: 0 },
    { sizes: [5, 3], output: 'sigmoid', lambda: 2 },
    { sizes: [5, 4, 3], output: 'sigmoid', lambda: 0 },
    { sizes: [5, 4, 6, 3], output: 'linear', lambda: 0.6 },
    { sizes: [5, 4, 6, 3], output: 'sigmoid', lambda: 0.6 },
    { sizes: [5, 1, 3], output: 'sigmoid', lambda: 0.6 },
  ] as const)('$sizes, $output output, λ $lambda', ({ sizes, output, lambda }) => {
    const network = denseNetwork(sizes, { output });
    const stream = new RandomState(3);
    // Biases off zero too, so that none of them is a special case.
    const parameters = initialParameters(network, stream).map(({ w, b }) => ({
      w,
      b: stream.standardNormal(b.length),
    }));
    referenceGradients(network, parameters, dataset, lambda).forEach((gradient, layer) => {
      for (const tensor of ['w', 'b'] as const) {
        const places = Array.from(gradient[tensor], (_, index): ParameterPlace => ({ layer, tensor, index }));
        const expected = centralDifferences(network, parameters, dataset, lambda, places);
        // h = 1e-5: truncation near 1e-10, rounding near 1e-11, of gradients near 0.1.
        expectClose(gradient[tensor], expected, 1e-7);
      }
    });
  });
});

test('differences leave the parameters alone and name a place that is not there', () => {
  const network = denseNetwork([5, 3]);
  const parameters = initialParameters(network, new RandomState(0));
  const before = parameters[0]?.w.slice();
  centralDifferences(network, parameters, dataset, 0, [{ layer: 0, tensor: 'w', index: 1 }]);
  expect(parameters[0]?.w).toEqual(before);
  const missing: ParameterPlace = { layer: 0, tensor: 'b', index: 3 };
  expectError(() => centralDifferences(network, parameters, dataset, 0, [missing]), 'usage', /no parameter b\[3\]/);
});
