// Launches shaders/dense_forward.wgsl.

import shader from '../../shaders/dense_forward.wgsl';
import type { Kernel, Shape, Variant } from './kernel';
import { blocks, defaultFirst, defaultTile, fits, overTiles, type Tile, tileName, TILES } from './tiles';

/** Threads of a workgroup, across and down. */
type Workgroup = readonly [x: number, y: number];

const WORKGROUPS: readonly Workgroup[] = [
  [1, 16],
  [4, 4],
  [16, 1],
  [8, 8],
];

const FORWARD_TILES: readonly Tile[] = [...TILES, [4, 2]];

const variantOf = (tile: Tile, [x, y]: Workgroup): Variant => ({
  name: `${tileName(tile)}, ${x}x${y} threads`,
  constants: { TILE_ROWS: tile[0], TILE_COLUMNS: tile[1], WORKGROUP_X: x, WORKGROUP_Y: y },
});

/** The workgroup whose grid has the fewest threads with nothing to do; the first of equals. */
function tightest(y: Shape, tile: Tile): Workgroup {
  const threads = (workgroup: Workgroup) => {
    const [across, down] = overTiles(y, variantOf(tile, workgroup));
    return across * down * workgroup[0] * workgroup[1];
  };
  return WORKGROUPS.reduce((best, next) => (threads(next) < threads(best) ? next : best));
}

/** Every tile that fits in its tightest workgroup, and the smallest and the largest of them in the others. */
function variants(y: Shape): readonly Variant[] {
  const tiles = FORWARD_TILES.filter((tile) => fits(y, tile));
  const tight = tiles.map((tile) => variantOf(tile, tightest(y, tile)));
  const corners = tiles.length > 1 ? [tiles[0]!, tiles.at(-1)!] : tiles;
  const others = corners.flatMap((tile) =>
    WORKGROUPS.filter((workgroup) => workgroup !== tightest(y, tile)).map((workgroup) => variantOf(tile, workgroup)),
  );
  const tile = defaultTile(blocks(y.rows) * blocks(y.columns), tiles);
  return defaultFirst([...tight, ...others], variantOf(tile, tightest(y, tile)).name);
}

/** A whole dense layer, forward. */
export const denseForward: Kernel = {
  kind: 'denseForward',
  shader,
  variants: (shapes) => variants(shapes('y')),
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  grid: (shapes, variant) => overTiles(shapes('y'), variant),
};
