// Launches shaders/linear_input_gradient.wgsl.

import shader from '../../shaders/linear_input_gradient.wgsl';
import { overBlocks } from './grid';
import type { Kernel } from './kernel';

/** Through a dense layer to its input, dx = dz wᵀ. */
export const linearInputGradient: Kernel = {
  kind: 'linearInputGradient',
  shader,
  variants: () => [{ name: '4x4 block', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 4 } }],
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  grid: (shapes, variant) => overBlocks(shapes('dx'), variant),
};
