import type { ActivationRule } from './activation-rule';

/** The rectified linear unit. */
export const relu: ActivationRule = {
  label: 'ReLU',
  hint: 'y = max(z, 0): quick to compute, quick to learn.',
  value: (z) => Math.max(z, 0),
  slope: (y) => (y > 0 ? 1 : 0),
  saves: 'output',
  weights: 'heUniform',
  flops: { value: 0, slope: 0 },
};
