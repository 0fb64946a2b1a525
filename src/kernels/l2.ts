// Launches shaders/l2.wgsl.

import shader from '../../shaders/l2.wgsl';
import { overAll } from './grid';
import type { Kernel } from './kernel';

/** The L2 term's part of a weight gradient, dw + λ w. */
export const l2: Kernel = {
  kind: 'l2',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 64 } }],
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  grid: (shapes, variant) => overAll(shapes('w'), variant),
};
