// Launches shaders/dense_backward.wgsl.

import shader from '../../shaders/dense_backward.wgsl';
import { blockOffset, type Kernel, type Shapes, type Variant } from './kernel';
import { gradientSlots } from './slots';
import { blocks, defaultFirst, defaultTile, fits, type Tile, tileName, tileOf, tilesOf, TILES } from './tiles';

const WORKGROUPS = [16, 64];

/** Ranges that the rows of the batch may be cut into for dw and db, beside the whole. */
const RANGES = [2, 4, 8, 16, 32];

/** The one offered with the smallest tile, too: for a GPU that starves otherwise. */
const SMALL_TILE_SPLIT = 16;

/** Block rows that a range should have at least, so that adding its partial sum is worth it. */
const RANGE_BLOCKS = 2;

const name = (tile: Tile, threads: number, split: number) =>
  `${tileName(tile)}, ${threads} threads${split > 1 ? `, split ${split}` : ''}`;

const variantOf = (tile: Tile, threads: number, split: number): Variant => ({
  name: name(tile, threads, split),
  constants: { TILE_ROWS: tile[0], TILE_COLUMNS: tile[1], WORKGROUP_X: threads, SPLIT: split },
});

/** Every tile, both workgroups with the smallest and the largest, and these with every split. */
function variants(shapes: Shapes): readonly Variant[] {
  const dw = shapes('dw');
  const tiles = TILES.filter((tile) => fits(dw, tile));
  const corners = tiles.length > 1 ? [tiles[0]!, tiles.at(-1)!] : tiles;
  const { SLOTS } = gradientSlots(shapes);
  const ranges = blocks(shapes('dz').rows) / RANGE_BLOCKS;
  const splits = RANGES.filter((split) => split <= Math.min(SLOTS, ranges));
  const all = [
    ...tiles.map((tile) => variantOf(tile, WORKGROUPS[0]!, 1)),
    ...corners.map((tile) => variantOf(tile, WORKGROUPS[1]!, 1)),
    ...splits.map((split) => variantOf(tiles.at(-1)!, WORKGROUPS[0]!, split)),
    ...splits.filter((split) => split === SMALL_TILE_SPLIT).map((split) => variantOf(tiles[0]!, WORKGROUPS[1]!, split)),
  ];
  const count = blocks(dw.rows) * blocks(dw.columns) + inputBlocks(shapes);
  return defaultFirst(all, name(defaultTile(count, tiles), WORKGROUPS[0]!, 1));
}

function inputBlocks(shapes: Shapes): number {
  return shapes.has('dx') ? blocks(shapes('dx').rows) * blocks(shapes('dx').columns) : 0;
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
      DW: blockOffset(shapes('dw')),
      DB: blockOffset(shapes('db')),
      SLOTS,
      SPLITS,
      ...(SLOTS > 1 ? { SLOT: shapes('parameter').rows } : {}),
    };
  },
  entryPoint: ({ outputs }) => ('dx' in outputs ? 'main' : 'first'),
  grid: (shapes, variant) => {
    const count = ([down, across]: Tile) => down * across;
    const tile = tileOf(variant);
    const parameters = variant.constants['SPLIT']! * count(tilesOf(shapes('dw'), tile));
    const inputs = shapes.has('dx') ? count(tilesOf(shapes('dx'), tile)) : 0;
    return [Math.ceil((parameters + inputs) / variant.constants['WORKGROUP_X']!), 1];
  },
};
