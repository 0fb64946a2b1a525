import type { ActivationRule } from './activation-rule';

const ROOT = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** The Gaussian error linear unit in its tanh form: Hendrycks and Gimpel (2016). */
export const gelu: ActivationRule = {
  label: 'GELU',
  hint: 'z times how likely a normal number is below z; the tanh form.',
  value: (z) => (z / 2) * (1 + Math.tanh(ROOT * (z + CUBIC * z ** 3))),
  slope: (z) => {
    const t = Math.tanh(ROOT * (z + CUBIC * z ** 3));
    // Far from zero the product is 0 times infinity; tanh is ±1 long before.
    const steep = Math.abs(t) === 1 ? 0 : (z / 2) * (1 - t * t) * ROOT * (1 + 3 * CUBIC * z * z);
    return (1 + t) / 2 + steep;
  },
  saves: 'input',
  weights: 'heUniform',
  flops: { value: 9, slope: 18 },
};
