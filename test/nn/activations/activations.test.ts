import { describe, expect, test } from 'vitest';
import { type ActivationRule, activations } from '../../../src/nn/activations';
import { requirePart } from '../../../src/nn/part';
import golden from '../../golden/torch-activations.json';

const close = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(expected)));

describe.each(golden.cases)('$activation', ({ activation, values, slopes }) => {
  const rule: ActivationRule = activations[requirePart('activation', activations, activation)];

  test.each(golden.grid.map((z, i) => [z, values[i]!, slopes[i]!]))(
    "at %d has torch's value and slope, %d and %d",
    (z, value, slope) => {
      const y = rule.value(z);
      close(y, value);
      close(rule.slope(rule.saves === 'output' ? y : z), slope);
    },
  );
});

test('every activation has been compared', () => {
  expect(new Set(golden.cases.map(({ activation }) => activation))).toEqual(new Set(Object.keys(activations)));
});
