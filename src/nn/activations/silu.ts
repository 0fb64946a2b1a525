import type { ActivationRule } from './activation-rule';

const gate = (z: number): number => 1 / (1 + Math.exp(-z));

/** The sigmoid linear unit, also called swish: Ramachandran, Zoph and Le (2017). */
export const silu: ActivationRule = {
  label: 'SiLU',
  hint: 'y = z / (1 + exp(-z)): a smooth ReLU.',
  value: (z) => z * gate(z),
  slope: (z) => gate(z) * (1 + z * (1 - gate(z))),
  saves: 'input',
  weights: 'heUniform',
  flops: { value: 4, slope: 7 },
};
