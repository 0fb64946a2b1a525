import type { ActivationRule } from './activation-rule';

/** log(1 + exp(z)): the smooth function whose slope is the logistic one. */
export const softplus: ActivationRule = {
  label: 'softplus',
  hint: 'y = log(1 + exp(z)): always above 0.',
  value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  slope: (y) => -Math.expm1(-y),
  saves: 'output',
  weights: 'heUniform',
  flops: { value: 5, slope: 2 },
};
