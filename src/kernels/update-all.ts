// Launches shaders/update_all.wgsl.

import shader from '../../shaders/update_all.wgsl';
import { MOST_GROUPS } from './grid';
import { blockOffset, type Kernel, type Variant } from './kernel';
import { gradientSlots } from './slots';

const variantOf = (threads: number): Variant => ({ name: `${threads} threads`, constants: { THREADS: threads } });

/** Threads that a software adapter runs at once; starting them costs it as much as several numbers. */
const SOFTWARE_THREADS = 4;

/** Numbers, in fours, that such a thread walks over. */
const LONG_WALK = 256;

/** Workgroups at least, so that every core has one. */
const FEW_GROUPS = 4;

/** The optimiser's step of all parameters with the L2 term, and the batch's score. */
export const updateAll: Kernel = {
  kind: 'updateAll',
  shader,
  variants: (_, { software }) => (software ? [variantOf(SOFTWARE_THREADS)] : [variantOf(64), variantOf(256)]),
  constants: (shapes) => ({
    COUNT: shapes('parameter').rows,
    DECAYED: blockOffset(shapes('firstBias')),
    ...gradientSlots(shapes),
    ...(shapes.has('splits') ? { LAYERS: shapes('splits').rows } : {}),
  }),
  grid: (shapes, { constants }) => {
    const threads = constants['THREADS']!;
    const walk = threads === SOFTWARE_THREADS ? LONG_WALK : 1;
    const groups = Math.ceil(shapes('parameter').rows / threads / walk);
    return [Math.min(MOST_GROUPS, Math.max(FEW_GROUPS, groups)) + 1, 1];
  },
};
