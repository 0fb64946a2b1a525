// Launches shaders/update.wgsl.

import shader from '../../shaders/update.wgsl';
import { overAll } from './grid';
import type { Kernel } from './kernel';

/** Momentum update of one parameter tensor. */
export const update: Kernel = {
  kind: 'update',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 64 } }],
  constants: (shapes) => ({ K: shapes('parameter').rows, N: shapes('parameter').columns }),
  grid: (shapes, variant) => overAll(shapes('parameter'), variant),
};
