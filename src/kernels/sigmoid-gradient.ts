// Launches shaders/sigmoid_gradient.wgsl.

import shader from '../../shaders/sigmoid_gradient.wgsl';
import { overVectors } from './grid';
import type { Kernel } from './kernel';

/** Through the activation, dz = y (1 - y) dy. */
export const sigmoidGradient: Kernel = {
  kind: 'sigmoidGradient',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 8 } }],
  constants: (shapes) => ({ N: shapes('y').columns }),
  grid: (shapes, variant) => overVectors(shapes('y'), variant),
};
