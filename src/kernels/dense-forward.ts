// Launches shaders/dense_forward.wgsl.

import shader from '../../shaders/dense_forward.wgsl';
import type { AdapterTraits, Kernel, Shape, Variant } from './kernel';
import {
  blocks,
  defaultTile,
  distinct,
  fits,
  overTiles,
  QUAD_TILES,
  STAGES,
  stagedVariant,
  type Tile,
  tileConstants,
  tileCount,
  tileName,
  TILES,
  type Workgroup,
} from './tiles';

const WORKGROUPS: readonly Workgroup[] = [
  [1, 16],
  [4, 4],
  [16, 1],
  [8, 8],
];

/** A software adapter spreads workgroups over cores, and small ones cost it little. */
const SOFTWARE_WORKGROUPS: readonly Workgroup[] = [
  [4, 1],
  [4, 4],
];

const variantOf = (tile: Tile, [x, y]: Workgroup): Variant => ({
  name: `${tileName(tile)}, ${x}x${y} threads`,
  constants: { ...tileConstants(tile), WORKGROUP_X: x, WORKGROUP_Y: y },
});

/** The workgroup whose grid has the fewest threads with nothing to do; the first of equals. */
function tightest(y: Shape, tile: Tile, workgroups: readonly Workgroup[]): Workgroup {
  const threads = (workgroup: Workgroup) => {
    const [across, down] = overTiles(y, variantOf(tile, workgroup));
    return across * down * workgroup[0] * workgroup[1];
  };
  return workgroups.reduce((best, next) => (threads(next) < threads(best) ? next : best));
}

/** The default, then every tile that fits in its tightest workgroup, then the smallest and the largest in the others. */
function variants(y: Shape, w: Shape, { software, quads }: AdapterTraits): readonly Variant[] {
  const single = TILES.filter((tile) => fits(y, tile));
  const shared = quads ? QUAD_TILES.filter((tile) => fits(y, tile)) : [];
  const threads = (tile: Tile) => tileCount(y, tile);
  const products = blocks(y.rows) * blocks(w.rows) * blocks(w.columns);
  if (software && shared.length > 0) {
    const standard = defaultTile(shared, threads, products, software);
    const others = [...shared.toReversed(), ...single.toReversed()].filter((tile) => tile !== standard);
    return distinct([
      variantOf(standard, SOFTWARE_WORKGROUPS[0]!),
      ...others.slice(0, 3).map((tile) => variantOf(tile, SOFTWARE_WORKGROUPS[0]!)),
      ...[standard, ...others].map((tile) => variantOf(tile, SOFTWARE_WORKGROUPS[1]!)),
      stagedVariant(STAGES[0]!),
    ]);
  }
  const square = WORKGROUPS.filter(([x]) => x % 4 === 0);
  const standard = defaultTile(single, threads, products, software);
  const corners = single.length > 1 ? [single[0]!, single.at(-1)!] : single;
  return distinct([
    variantOf(standard, tightest(y, standard, WORKGROUPS)),
    ...single.map((tile) => variantOf(tile, tightest(y, tile, WORKGROUPS))),
    ...shared.slice(0, 3).map((tile) => variantOf(tile, tightest(y, tile, square))),
    ...STAGES.map((stage) => stagedVariant(stage)),
    ...corners.map((tile) => variantOf(tile, WORKGROUPS[3]!)),
  ]);
}

/** A whole dense layer, forward. */
export const denseForward: Kernel = {
  kind: 'denseForward',
  shader,
  variants: (shapes, adapter) => variants(shapes('y'), shapes('w'), adapter),
  constants: (shapes) => ({ K: shapes('w').rows, N: shapes('w').columns }),
  entryPoint: ({ outputs }, { staged }) => {
    if ('z' in outputs) {
      return staged ? 'staged_saving' : 'saving';
    }
    return staged ? 'staged' : 'main';
  },
  grid: (shapes, variant) => overTiles(shapes('y'), variant),
};
