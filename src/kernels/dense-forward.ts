// Launches shaders/dense_forward.wgsl.

import shader from '../../shaders/dense_forward.wgsl';
import { overBlocks } from './grid';
import type { Kernel } from './kernel';

/** A whole dense layer, forward. */
export const denseForward: Kernel = {
  kind: 'denseForward',
  shader,
  variants: () => [{ name: '4x4 block', constants: { WORKGROUP_X: 4, WORKGROUP_Y: 4 } }],
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  grid: (shapes, variant) => overBlocks(shapes('y'), variant),
};
