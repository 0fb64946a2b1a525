import type { ActivationRule } from './activation-rule';

export const linear: ActivationRule = {
  label: 'linear',
  hint: 'y = z: the output of regression, and of softmax without limits.',
  value: (z) => z,
  slope: () => 1,
  saves: 'output',
  weights: 'glorotUniform',
  flops: { value: 0, slope: 0 },
};
