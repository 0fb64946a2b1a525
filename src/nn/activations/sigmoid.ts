import type { ActivationRule } from './activation-rule';

/** The logistic function. */
export const sigmoid: ActivationRule = {
  label: 'sigmoid',
  hint: 'y = 1 / (1 + exp(-z)): from 0 to 1, as in the tutorial.',
  value: (z) => 1 / (1 + Math.exp(-z)),
  slope: (y) => y * (1 - y),
  saves: 'output',
  weights: 'glorotUniform',
  flops: { value: 3, slope: 2 },
};
