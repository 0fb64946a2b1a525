// Launches shaders/cross_entropy.wgsl.

import shader from '../../shaders/cross_entropy.wgsl';
import { overRows } from './grid';
import type { Kernel } from './kernel';

/** Each row's loss, and whether it is classified rightly. */
export const crossEntropy: Kernel = {
  kind: 'crossEntropy',
  shader,
  variants: () => [{ name: 'one row', constants: { WORKGROUP_X: 32 } }],
  constants: (shapes) => ({ N: shapes('y').columns }),
  grid: (shapes, variant) => overRows(shapes('y'), variant),
};
