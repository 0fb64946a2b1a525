import type { InitialiserRule } from './initialiser-rule';

/** N(0, 2 / (inputs + outputs)): Glorot and Bengio (2010). */
export const glorotNormal: InitialiserRule = {
  label: 'Glorot, normal',
  hint: 'Deviation √(2 / (inputs + outputs)): for sigmoid and tanh.',
  draw: (random, inputs, outputs) => random.normal(0, Math.sqrt(2 / (inputs + outputs)), inputs * outputs),
};
