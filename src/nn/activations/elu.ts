import type { ActivationRule } from './activation-rule';

/** The exponential linear unit with α = 1: Clevert, Unterthiner and Hochreiter (2016). */
export const elu: ActivationRule = {
  label: 'ELU',
  hint: 'y = z above 0, exp(z) - 1 below.',
  value: (z) => (z > 0 ? z : Math.expm1(z)),
  slope: (y) => (y > 0 ? 1 : y + 1),
  saves: 'output',
  weights: 'heUniform',
  flops: { value: 2, slope: 1 },
};
