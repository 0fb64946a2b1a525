// Launches shaders/update.wgsl.

import shader from '../../shaders/update.wgsl';
import { overAll } from './grid';
import { blockOffset, type Kernel } from './kernel';

/** The optimiser's step of one parameter tensor. */
export const update: Kernel = {
  kind: 'update',
  shader,
  variants: () => [{ name: 'four columns', constants: { WORKGROUP_X: 64 } }],
  constants: (shapes) => ({
    K: shapes('parameter').rows,
    N: shapes('parameter').columns,
    STATE_ROWS: shapes('state').rows,
    // State is laid out like the parameters.
    PLACE: blockOffset(shapes('parameter')),
  }),
  grid: (shapes, variant) => overAll(shapes('parameter'), variant),
};
