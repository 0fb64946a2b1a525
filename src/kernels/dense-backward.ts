// Launches shaders/dense_backward.wgsl.

import shader from '../../shaders/dense_backward.wgsl';
import { BLOCK } from '../gpu/tensor';
import { blockOffset, type Kernel } from './kernel';

/** A whole dense layer, backward. */
export const denseBackward: Kernel = {
  kind: 'denseBackward',
  shader,
  variants: () => [{ name: '4x4 block', constants: { WORKGROUP_X: 16 } }],
  constants: (shapes) => ({
    K: shapes('dw').rows,
    N: shapes('dw').columns,
    DW: blockOffset(shapes('dw')),
    DB: blockOffset(shapes('db')),
  }),
  entryPoint: ({ outputs }) => ('dx' in outputs ? 'main' : 'first'),
  grid: (shapes, variant) => {
    const blocks = (count: number) => Math.ceil(count / BLOCK);
    const { rows: inputs, columns: outputs } = shapes('dw');
    const parameters = blocks(inputs) * blocks(outputs);
    const threads = parameters + (shapes.has('dx') ? blocks(inputs) * blocks(shapes('dx').rows) : 0);
    return [Math.ceil(threads / variant.constants['WORKGROUP_X']!), 1];
  },
};
