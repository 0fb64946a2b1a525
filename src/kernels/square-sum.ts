// Launches shaders/square_sum.wgsl.

import shader from '../../shaders/square_sum.wgsl';
import type { Kernel } from './kernel';

/** The squared length of a layer's weights. */
export const squareSum: Kernel = {
  kind: 'squareSum',
  shader,
  variants: () => [{ name: 'one workgroup', constants: {} }],
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  grid: () => [1, 1],
};
