// Launches shaders/gather.wgsl.

import shader from '../../shaders/gather.wgsl';
import { overVectors } from './grid';
import type { Kernel } from './kernel';

/** The rows of a minibatch, copied out of the data set. */
export const gather: Kernel = {
  kind: 'gather',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 8 } }],
  constants: (shapes) => ({ K: shapes('x').columns }),
  grid: (shapes, variant) => overVectors(shapes('x'), variant),
};
