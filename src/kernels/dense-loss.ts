// Launches shaders/dense_loss.wgsl.

import shader from '../../shaders/dense_loss.wgsl';
import type { AdapterTraits, Kernel, Variant } from './kernel';
import { distinct } from './tiles';
import { BLOCK } from '../gpu/tensor';

/** Threads of a workgroup: few spread the rows over more of the GPU, many fill its lanes. */
const WORKGROUPS = [8, 16, 64];

const variantOf = (rows: number, threads: number, quad: boolean): Variant => ({
  name: `${rows === 1 ? 'one row' : 'four rows'}${quad ? ' in quads' : ''}, ${threads} threads`,
  constants: { ROWS: rows, WORKGROUP_X: threads, ...(quad ? { QUAD: 1 } : {}) },
});

/** One row a thread for a GPU, which starves with few threads; four for a software adapter, which loads less then. */
function variants({ software, quads }: AdapterTraits): readonly Variant[] {
  const four = WORKGROUPS.map((threads) => variantOf(BLOCK, threads, false));
  const one = WORKGROUPS.map((threads) => variantOf(1, threads, false));
  if (software) {
    const shared = quads ? [variantOf(BLOCK, 4, true), variantOf(BLOCK, 16, true)] : [];
    return [...shared, ...four, one[1]!];
  }
  const shared = quads ? [variantOf(1, 64, true), variantOf(BLOCK, 64, true)] : [];
  return distinct([one[2]!, ...one, ...four, ...shared]);
}

/** The last dense layer with the loss and its gradient. */
export const denseLoss: Kernel = {
  kind: 'denseLoss',
  shader,
  variants: (_, adapter) => variants(adapter),
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  grid: (shapes, { constants }) => {
    const threads = (Math.ceil(shapes('dz').rows / BLOCK) * BLOCK) / constants['ROWS']!;
    return [Math.ceil(threads / constants['WORKGROUP_X']!), 1];
  },
};
