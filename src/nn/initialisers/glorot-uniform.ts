import type { InitialiserRule } from './initialiser-rule';

/** U(-r, r) with r = √6 / √(inputs + outputs): Glorot and Bengio (2010), as in the tutorial. */
export const glorotUniform: InitialiserRule = {
  label: 'Glorot, uniform',
  hint: 'Within ±√(6 / (inputs + outputs)): for sigmoid and tanh.',
  draw(random, inputs, outputs) {
    // Two roots, as in the tutorial's program: √(6 / n) can differ in the last bit.
    const r = Math.sqrt(6) / Math.sqrt(inputs + outputs);
    return random.uniform(-r, r, inputs * outputs);
  },
};
