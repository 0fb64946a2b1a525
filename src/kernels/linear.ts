// Launches shaders/linear.wgsl.

import shader from '../../shaders/linear.wgsl';
import { overBlocks } from './grid';
import type { Kernel } from './kernel';

/** A dense layer's linear part, z = x w + b. */
export const linear: Kernel = {
  kind: 'linear',
  shader,
  variants: () => [{ name: '4x4 block', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 4 } }],
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  grid: (shapes, variant) => overBlocks(shapes('z'), variant),
};
