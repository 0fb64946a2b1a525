// Tiles: how many 4x4 blocks a thread computes, and the variants that follow.

import { BLOCK } from '../gpu/tensor';
import type { Grid, Shape, Variant } from './kernel';

/** Threads that a GPU wants before larger tiles pay; a software adapter is content with far fewer. */
const MANY_THREADS = { gpu: 256, software: 32 } as const;

/**
 * Blocks of the largest tile that a software adapter takes unasked, for little work and for much. It compiles a tile in time
 * that grows faster than its blocks: a larger one gains little, and is for the tuner to find where a training is long enough.
 */
const QUICK_BLOCKS = { little: 4, much: 8 } as const;

/** Products of blocks in one step that are much work: a larger tile has paid for its compiling after a few hundred steps. */
const MUCH_WORK = 200_000;

/** Threads of a quad, side by side. */
const QUAD = 4;

/** Blocks a thread, down and across. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** Whether four threads side by side share the blocks of the left factor. */
  readonly quad: boolean;
}

/** Threads of a workgroup, across and down. */
export type Workgroup = readonly [x: number, y: number];

/** A workgroup that loads both factors through shared memory. */
export interface Stage {
  readonly tile: Tile;
  readonly workgroup: Workgroup;
}

/** Tiles, the simplest first. */
export const TILES: readonly Tile[] = [
  { rows: 1, columns: 1, quad: false },
  { rows: 1, columns: 2, quad: false },
  { rows: 2, columns: 1, quad: false },
  { rows: 2, columns: 2, quad: false },
];

/** Tiles whose threads share loads, the smallest first. */
export const QUAD_TILES: readonly Tile[] = [
  { rows: 4, columns: 1, quad: true },
  { rows: 8, columns: 1, quad: true },
  { rows: 4, columns: 2, quad: true },
  { rows: 8, columns: 2, quad: true },
];

/** Blocks that cover so many rows or columns. */
export function blocks(count: number): number {
  return Math.ceil(count / BLOCK);
}

/** Tiles that cover a matrix, down and across; in quads, whole quads of them across. */
export function tilesOf({ rows, columns }: Pick<Shape, 'rows' | 'columns'>, tile: Tile): readonly [number, number] {
  const across = Math.ceil(blocks(columns) / tile.columns);
  return [Math.ceil(blocks(rows) / tile.rows), tile.quad ? Math.ceil(across / QUAD) * QUAD : across];
}

/** How many tiles those are. */
export function tileCount(shape: Pick<Shape, 'rows' | 'columns'>, tile: Tile): number {
  const [down, across] = tilesOf(shape, tile);
  return down * across;
}

/** Whether a tile has no block outside a matrix of few block rows or columns. */
export function fits({ rows, columns }: Pick<Shape, 'rows' | 'columns'>, tile: Tile): boolean {
  return tile.rows <= blocks(rows) && tile.columns <= blocks(columns);
}

/**
 * The tile where nothing was measured, among those that leave enough threads.
 *
 * A GPU takes the largest: larger tiles load less for each product, but a small matrix then has too few threads to fill it,
 * and takes smaller ones. A software adapter takes the one of least work, the larger of equals, but none that is
 * slow to compile for what it has to do.
 *
 * @param tiles the smallest first; the first is taken where none leaves enough
 * @param threads how many threads a tile would leave
 * @param products of blocks, of all threads
 */
export function defaultTile(
  tiles: readonly Tile[],
  threads: (tile: Tile) => number,
  products: number,
  software: boolean,
): Tile {
  const [smallest] = tiles;
  const enough = tiles.filter((tile) => threads(tile) >= MANY_THREADS[software ? 'software' : 'gpu']);
  if (!software) {
    return enough.at(-1) ?? smallest!;
  }
  const work = (tile: Tile) => threads(tile) * blockWork(tile);
  const largest = QUICK_BLOCKS[products >= MUCH_WORK ? 'much' : 'little'];
  return enough
    .filter(({ rows, columns }) => rows * columns <= largest)
    .reduce((best, tile) => (work(tile) <= work(best) ? tile : best), enough[0] ?? smallest!);
}

/** Loads of four numbers and products of blocks in one round of a tile's sum; in a software adapter they take about the same time. */
function blockWork({ rows, columns, quad }: Tile): number {
  return (quad ? rows : BLOCK * rows) + BLOCK * columns + rows * columns;
}

/** Workgroups whose threads load for each other, one thread a tile, the smallest first. */
export const STAGES: readonly Stage[] = [
  { tile: TILES[0]!, workgroup: [8, 8] },
  { tile: TILES[3]!, workgroup: [8, 8] },
  { tile: TILES[0]!, workgroup: [16, 16] },
];

/** A tile as override constants. */
export function tileConstants({ rows, columns, quad }: Tile): Readonly<Record<string, number>> {
  return { TILE_ROWS: rows, TILE_COLUMNS: columns, ...(quad ? { QUAD: 1 } : {}) };
}

/** A variant's tile. */
export function tileOf({ constants }: Variant): Tile {
  return {
    rows: constants['TILE_ROWS'] ?? 1,
    columns: constants['TILE_COLUMNS'] ?? 1,
    quad: constants['QUAD'] === 1,
  };
}

/** `2x2 blocks in quads`, as variants are named. */
export function tileName({ rows, columns, quad }: Tile): string {
  const size = rows * columns === 1 ? '1x1 block' : `${rows}x${columns} blocks`;
  return quad ? `${size} in quads` : size;
}

/** A stage as a variant; `constants` are those that it does not set itself. */
export function stagedVariant({ tile, workgroup: [x, y] }: Stage, constants: Variant['constants'] = {}): Variant {
  return {
    name: `${tileName(tile)} in shared memory, ${x}x${y} threads`,
    constants: { ...tileConstants(tile), WORKGROUP_X: x, WORKGROUP_Y: y, ...constants },
    staged: true,
  };
}

/** How many workgroups of a staged variant cover a matrix. */
export function stageCount(shape: Pick<Shape, 'rows' | 'columns'>, variant: Variant): number {
  const [across, down] = overTiles(shape, variant);
  return across * down;
}

/** One thread for each tile. */
export function overTiles(shape: Pick<Shape, 'rows' | 'columns'>, variant: Variant): Grid {
  const [down, across] = tilesOf(shape, tileOf(variant));
  return [Math.ceil(across / variant.constants['WORKGROUP_X']!), Math.ceil(down / variant.constants['WORKGROUP_Y']!)];
}

/** Every variant once, by name, in the order given. */
export function distinct(variants: readonly Variant[]): readonly Variant[] {
  return [...new Map(variants.map((variant) => [variant.name, variant])).values()];
}
