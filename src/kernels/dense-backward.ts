// Launches shaders/dense_backward.wgsl.

import shader from '../../shaders/dense_backward.wgsl';
import { gradientLeaf, leafCount } from '../program/cost';
import { type AdapterTraits, blockOffset, type Kernel, type Shapes, type Variant } from './kernel';
import { gradientSlots } from './slots';
import {
  blocks,
  defaultTile,
  distinct,
  fits,
  QUAD_TILES,
  type Stage,
  STAGES,
  stageCount,
  stagedVariant,
  type Tile,
  tileConstants,
  tileCount,
  tileName,
  tileOf,
  TILES,
} from './tiles';

const variantOf = (tile: Tile, threads: number, split: number): Variant => ({
  name: `${tileName(tile)}, ${threads} threads${split > 1 ? `, split ${split}` : ''}`,
  constants: { ...tileConstants(tile), WORKGROUP_X: threads, WORKGROUP_Y: 1, SPLIT: split },
});

const splitStage = (stage: Stage, split: number): Variant => {
  const variant = stagedVariant(stage, { SPLIT: split });
  return split > 1 ? { ...variant, name: `${variant.name}, split ${split}` } : variant;
};

/** Threads that an unsplit dw, and dx, have together. */
function threadCount(shapes: Shapes, tile: Tile): number {
  return tileCount(shapes('dw'), tile) + (shapes.has('dx') ? tileCount(shapes('dx'), tile) : 0);
}

/** Products of blocks in dw, and in dx. */
function productCount(shapes: Shapes): number {
  const { rows, columns } = shapes('dw');
  const each = blocks(shapes('dz').rows) * blocks(rows) * blocks(columns);
  return shapes.has('dx') ? 2 * each : each;
}

/** Every tile that fits, with the rows of the batch whole and split. */
function variants(shapes: Shapes, { software, quads }: AdapterTraits): readonly Variant[] {
  const dw = shapes('dw');
  const threads = (tile: Tile) => threadCount(shapes, tile);
  const leaves = leafCount(shapes('dz').rows);
  const splits = leaves > 1 && leaves <= gradientSlots(shapes).SLOTS ? [leaves] : [];
  const single = TILES.filter((tile) => fits(dw, tile));
  const shared = quads ? QUAD_TILES.filter((tile) => fits(dw, tile)) : [];
  if (software && shared.length > 0) {
    const standard = defaultTile(shared, threads, productCount(shapes), software);
    const others = [...shared.toReversed(), ...single.toReversed()].filter((tile) => tile !== standard);
    return distinct([
      variantOf(standard, 4, 1),
      ...splits.map((split) => variantOf(standard, 4, split)),
      ...others.map((tile) => variantOf(tile, 4, 1)),
      variantOf(standard, 16, 1),
      splitStage(STAGES[0]!, 1),
    ]);
  }
  const standard = defaultTile(single, threads, productCount(shapes), software);
  // Too few threads even with the smallest tile: more come from splitting the batch.
  const split = standard === single[0] ? (splits[0] ?? 1) : 1;
  return distinct([
    variantOf(standard, 64, split),
    ...splits.flatMap((ways) => single.map((tile) => variantOf(tile, 64, ways))),
    ...single.map((tile) => variantOf(tile, 64, 1)),
    ...shared.slice(0, 3).map((tile) => variantOf(tile, 64, split)),
    ...STAGES.map((stage) => splitStage(stage, split)),
  ]);
}

/** A whole dense layer, backward. */
export const denseBackward: Kernel = {
  kind: 'denseBackward',
  shader,
  variants,
  constants: (shapes) => {
    const { SLOTS, SPLITS } = gradientSlots(shapes);
    return {
      K: shapes('dw').rows,
      N: shapes('dw').columns,
      LEAF: gradientLeaf(shapes('dz').rows),
      DW: blockOffset(shapes('dw')),
      DB: blockOffset(shapes('db')),
      SLOTS,
      SPLITS,
      ...(SLOTS > 1 ? { SLOT: shapes('parameter').rows } : {}),
    };
  },
  entryPoint: ({ outputs }, { staged }) => {
    if ('dx' in outputs) {
      return staged ? 'staged' : 'main';
    }
    return staged ? 'staged_first' : 'first';
  },
  grid: (shapes, variant) => {
    const { SPLIT, WORKGROUP_X } = variant.constants;
    const groups = (tensor: string, parts: number) =>
      variant.staged
        ? parts * stageCount(shapes(tensor), variant)
        : Math.ceil((parts * tileCount(shapes(tensor), tileOf(variant))) / WORKGROUP_X!);
    return [groups('dw', SPLIT!) + (shapes.has('dx') ? groups('dx', 1) : 0), 1];
  },
};
