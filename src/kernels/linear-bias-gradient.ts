// Launches shaders/linear_bias_gradient.wgsl.

import shader from '../../shaders/linear_bias_gradient.wgsl';
import { overColumns } from './grid';
import type { Kernel } from './kernel';

/** A dense layer's bias gradient, the column sums of dz. */
export const linearBiasGradient: Kernel = {
  kind: 'linearBiasGradient',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 4 } }],
  constants: (shapes) => ({ N: shapes('db').columns }),
  grid: (shapes, variant) => overColumns(shapes('db'), variant),
};
