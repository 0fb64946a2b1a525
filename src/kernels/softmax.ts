// Launches shaders/softmax.wgsl.

import shader from '../../shaders/softmax.wgsl';
import { overRows } from './grid';
import type { Kernel } from './kernel';

/** The classifier's probabilities. */
export const softmax: Kernel = {
  kind: 'softmax',
  shader,
  variants: () => [{ name: 'one row', constants: { WORKGROUP_X: 32 } }],
  constants: (shapes) => ({ N: shapes('y').columns }),
  grid: (shapes, variant) => overRows(shapes('y'), variant),
};
