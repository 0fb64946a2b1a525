import type { ActivationRule } from './activation-rule';

/** The rectified linear unit with a slope of 0.01 below zero, PyTorch's default. */
export const leakyRelu: ActivationRule = {
  label: 'leaky ReLU',
  hint: 'ReLU with a slope of 0.01 below 0, so that no unit dies.',
  value: (z) => (z > 0 ? z : 0.01 * z),
  slope: (y) => (y > 0 ? 1 : 0.01),
  saves: 'output',
  weights: 'heUniform',
  flops: { value: 1, slope: 0 },
};
