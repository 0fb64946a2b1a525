// Tiles: how many 4x4 blocks a thread computes, and the variants that follow.

import { BLOCK } from '../gpu/tensor';
import type { Grid, Shape, Variant } from './kernel';

/** Threads that a GPU wants before larger tiles pay; a software adapter is content with far fewer. */
const MANY_THREADS = 256;

/** Blocks a thread, down and across. */
export type Tile = readonly [rows: number, columns: number];

/** Tiles, the simplest first. */
export const TILES: readonly Tile[] = [
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
];

/** Blocks that cover so many rows or columns. */
export function blocks(count: number): number {
  return Math.ceil(count / BLOCK);
}

/** Tiles that cover a matrix, down and across. */
export function tilesOf({ rows, columns }: Pick<Shape, 'rows' | 'columns'>, [down, across]: Tile): Tile {
  return [Math.ceil(blocks(rows) / down), Math.ceil(blocks(columns) / across)];
}

/** Whether a tile has no block outside a matrix of one block row or one block column. */
export function fits({ rows, columns }: Pick<Shape, 'rows' | 'columns'>, [down, across]: Tile): boolean {
  return down <= blocks(rows) && across <= blocks(columns);
}

/**
 * The tile for a matrix of so many blocks where nothing was measured: the largest that leaves many threads.
 *
 * Four blocks a thread halve the loads for each product; but a small matrix then has too few
 * threads to fill a GPU, and takes one block a thread.
 *
 * @param tiles the simplest first; the first is taken where none leaves enough
 */
export function defaultTile(count: number, tiles: readonly Tile[]): Tile {
  return tiles.findLast(([rows, columns]) => count / (rows * columns) >= MANY_THREADS) ?? tiles[0]!;
}

/** A variant's tile. */
export function tileOf({ constants }: Variant): Tile {
  return [constants['TILE_ROWS'] ?? 1, constants['TILE_COLUMNS'] ?? 1];
}

/** `2x2 blocks`, as variants are named. */
export function tileName([rows, columns]: Tile): string {
  return rows * columns === 1 ? '1x1 block' : `${rows}x${columns} blocks`;
}

/** One thread for each tile. */
export function overTiles(shape: Shape, variant: Variant): Grid {
  const [down, across] = tilesOf(shape, tileOf(variant));
  return [Math.ceil(across / variant.constants['WORKGROUP_X']!), Math.ceil(down / variant.constants['WORKGROUP_Y']!)];
}

/** `variants` with the one of that name first. */
export function defaultFirst(variants: readonly Variant[], name: string): readonly Variant[] {
  const first = variants.filter((variant) => variant.name === name);
  return [...first, ...variants.filter((variant) => variant.name !== name)];
}
