// Launches shaders/dense_loss.wgsl.

import shader from '../../shaders/dense_loss.wgsl';
import { overBlockRows } from './grid';
import type { Kernel } from './kernel';

/** Threads of a workgroup: few spread the rows over more of the GPU, many fill its lanes. */
const WORKGROUPS = [8, 4, 16, 32, 64];

/** The last dense layer with the loss and its gradient. */
export const denseLoss: Kernel = {
  kind: 'denseLoss',
  shader,
  variants: () =>
    WORKGROUPS.map((threads) => ({ name: `four rows, ${threads} threads`, constants: { WORKGROUP_X: threads } })),
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  grid: (shapes, variant) => overBlockRows(shapes('dz'), variant),
};
