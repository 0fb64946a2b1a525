// Launches shaders/activate_gradient.wgsl.

import shader from '../../shaders/activate_gradient.wgsl';
import { overVectors } from './grid';
import type { Kernel } from './kernel';

/** Through the activation, dz = f'(saved) dy. */
export const activateGradient: Kernel = {
  kind: 'activateGradient',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 8 } }],
  constants: (shapes) => ({ N: shapes('saved').columns }),
  grid: (shapes, variant) => overVectors(shapes('saved'), variant),
};
