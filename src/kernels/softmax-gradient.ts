// Launches shaders/softmax_gradient.wgsl.

import shader from '../../shaders/softmax_gradient.wgsl';
import { overVectors } from './grid';
import type { Kernel } from './kernel';

/** The gradient of softmax and cross-entropy together, dy = p - one_hot(t). */
export const softmaxGradient: Kernel = {
  kind: 'softmaxGradient',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 8 } }],
  constants: (shapes) => ({ N: shapes('p').columns }),
  grid: (shapes, variant) => overVectors(shapes('p'), variant),
};
