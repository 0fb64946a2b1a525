// Launches shaders/sigmoid.wgsl.

import shader from '../../shaders/sigmoid.wgsl';
import { overVectors } from './grid';
import type { Kernel } from './kernel';

/** A layer's activation, y = 1 / (1 + exp(-z)). */
export const sigmoid: Kernel = {
  kind: 'sigmoid',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 8 } }],
  constants: (shapes) => ({ N: shapes('z').columns }),
  grid: (shapes, variant) => overVectors(shapes('z'), variant),
};
