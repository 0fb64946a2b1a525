// Grids: how many workgroups cover a matrix.

import { BLOCK } from '../gpu/tensor';
import type { Grid, Shape, Variant } from './kernel';

/** The most workgroups that a walk of a whole tensor is spread over; each thread strides from there. */
export const MOST_GROUPS = 4096;

/** One thread for each 4x4 block. */
export function overBlocks({ rows, columns }: Shape, { constants }: Variant): Grid {
  return [
    Math.ceil(Math.ceil(columns / BLOCK) / constants['WORKGROUP_X']!),
    Math.ceil(Math.ceil(rows / BLOCK) / constants['WORKGROUP_Y']!),
  ];
}

/** One thread for each four columns of a row, padding rows included. */
export function overVectors({ rows, columns }: Shape, { constants }: Variant): Grid {
  return [
    Math.ceil(Math.ceil(columns / BLOCK) / constants['WORKGROUP_X']!),
    Math.ceil((Math.ceil(rows / BLOCK) * BLOCK) / constants['WORKGROUP_Y']!),
  ];
}

/** One thread for each row, padding rows included. */
export function overRows({ rows }: Shape, { constants }: Variant): Grid {
  return [Math.ceil((Math.ceil(rows / BLOCK) * BLOCK) / constants['WORKGROUP_X']!), 1];
}

/** One thread for each four columns. */
export function overColumns({ columns }: Shape, { constants }: Variant): Grid {
  return [Math.ceil(Math.ceil(columns / BLOCK) / constants['WORKGROUP_X']!), 1];
}

/** One thread for each four rows. */
export function overBlockRows({ rows }: Shape, { constants }: Variant): Grid {
  return [Math.ceil(Math.ceil(rows / BLOCK) / constants['WORKGROUP_X']!), 1];
}

/** Threads that stride over all four-column groups of a matrix. */
export function overAll({ rows, columns }: Shape, { constants }: Variant): Grid {
  return [Math.min(MOST_GROUPS, Math.ceil((rows * Math.ceil(columns / BLOCK)) / constants['WORKGROUP_X']!)), 1];
}
