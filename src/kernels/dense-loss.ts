// Launches shaders/dense_loss.wgsl.

import shader from '../../shaders/dense_loss.wgsl';
import { overBlockRows } from './grid';
import type { Kernel } from './kernel';

/** The last dense layer with the loss and its gradient. */
export const denseLoss: Kernel = {
  kind: 'denseLoss',
  shader,
  variants: () => [{ name: 'four rows', constants: { WORKGROUP_X: 8 } }],
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  grid: (shapes, variant) => overBlockRows(shapes('dz'), variant),
};
