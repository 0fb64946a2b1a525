import type { InitialiserRule } from './initialiser-rule';

/** U(-r, r) with r = √(6 / inputs): He, Zhang, Ren and Sun (2015). */
export const heUniform: InitialiserRule = {
  label: 'He, uniform',
  hint: 'Within ±√(6 / inputs): for ReLU and its kin.',
  draw(random, inputs, outputs) {
    const r = Math.sqrt(6 / inputs);
    return random.uniform(-r, r, inputs * outputs);
  },
};
