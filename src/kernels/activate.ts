// Launches shaders/activate.wgsl.

import shader from '../../shaders/activate.wgsl';
import { overVectors } from './grid';
import type { Kernel } from './kernel';

/** A layer's activation, y = f(z). */
export const activate: Kernel = {
  kind: 'activate',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 8 } }],
  constants: (shapes) => ({ N: shapes('z').columns }),
  grid: (shapes, variant) => overVectors(shapes('z'), variant),
};
