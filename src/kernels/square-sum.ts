// Launches shaders/square_sum.wgsl.

import shader from '../../shaders/square_sum.wgsl';
import { blockOffset, type Kernel } from './kernel';
import { blocks } from './tiles';

/** The squared length of a matrix, or of all weights where `firstBias` tells where they end among the parameters. */
export const squareSum: Kernel = {
  kind: 'squareSum',
  shader,
  variants: () => [{ name: 'one workgroup', constants: {} }],
  constants: (shapes) => {
    const { rows, columns } = shapes('w');
    return { COUNT: shapes.has('firstBias') ? blockOffset(shapes('firstBias')) : blocks(rows) * 4 * blocks(columns) };
  },
  grid: () => [1, 1],
};
