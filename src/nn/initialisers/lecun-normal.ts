import type { InitialiserRule } from './initialiser-rule';

/** N(0, 1 / inputs): LeCun, Bottou, Orr and Müller (1998); not truncated. */
export const lecunNormal: InitialiserRule = {
  label: 'LeCun, normal',
  hint: 'Deviation √(1 / inputs): for linear layers.',
  draw: (random, inputs, outputs) => random.normal(0, Math.sqrt(1 / inputs), inputs * outputs),
};
