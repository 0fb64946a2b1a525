// Launches shaders/linear_weight_gradient.wgsl.

import shader from '../../shaders/linear_weight_gradient.wgsl';
import { overBlocks } from './grid';
import type { Kernel } from './kernel';

/** A dense layer's weight gradient, dw = xᵀ dz. */
export const linearWeightGradient: Kernel = {
  kind: 'linearWeightGradient',
  shader,
  variants: () => [{ name: '4x4 block', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 4 } }],
  constants: (shapes) => ({ K: shapes('dw').rows, N: shapes('dw').columns }),
  grid: (shapes, variant) => overBlocks(shapes('dw'), variant),
};
