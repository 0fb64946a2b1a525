import type { ActivationRule } from './activation-rule';

/** The hyperbolic tangent. */
export const tanh: ActivationRule = {
  label: 'tanh',
  hint: 'From -1 to 1, and steep at 0.',
  value: Math.tanh,
  slope: (y) => 1 - y * y,
  saves: 'output',
  weights: 'glorotUniform',
  flops: { value: 1, slope: 2 },
};
