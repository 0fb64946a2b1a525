import type { InitialiserRule } from './initialiser-rule';

/** N(0, 2 / inputs): He, Zhang, Ren and Sun (2015). */
export const heNormal: InitialiserRule = {
  label: 'He, normal',
  hint: 'Deviation √(2 / inputs): for ReLU and its kin.',
  draw: (random, inputs, outputs) => random.normal(0, Math.sqrt(2 / inputs), inputs * outputs),
};
