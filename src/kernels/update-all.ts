// Launches shaders/update_all.wgsl.

import shader from '../../shaders/update_all.wgsl';
import { MOST_GROUPS } from './grid';
import { blockOffset, type Kernel } from './kernel';
import { gradientSlots } from './slots';

/** Momentum update of all parameters with the L2 term, and the batch's score. */
export const updateAll: Kernel = {
  kind: 'updateAll',
  shader,
  variants: () => [{ name: 'four numbers', constants: {} }],
  constants: (shapes) => ({
    COUNT: shapes('parameter').rows,
    DECAYED: blockOffset(shapes('firstBias')),
    ...gradientSlots(shapes),
    ...(shapes.has('splits') ? { LAYERS: shapes('splits').rows } : {}),
  }),
  grid: (shapes) => {
    const groups = Math.ceil(shapes('parameter').rows / shader.constants.THREADS);
    return [Math.min(MOST_GROUPS, groups) + 1, 1];
  },
};
