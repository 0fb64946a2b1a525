// The gradient of the linear part of the layer before, dx, in tiles.

import package::dense_backward::{DZ_MEMBER, K, N, W_MEMBER, step};
import package::dense_backward::input_factors::{block_rows, column_block, rows_block, write_dx};
import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::quad::QUAD;
import package::lib::tile::{Left, Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tiles_across};

// One tile of dx.
fn input_gradient(tile: u32, member: u32) {
  let row = TILE_ROWS * BLOCK * (tile / tiles_across(K));
  let column = TILE_COLUMNS * (tile % tiles_across(K));
  if (!QUAD && row >= step.rows) {
    return;
  }
  let n_stride = blocks(N);
  // A tile may stick out at the end: its blocks there are then the last ones again.
  let own_column = min(column, blocks(K) - 1);
  let next_column = min(own_column + 1, blocks(K) - 1) - own_column;
  let rows = left_rows(member * DZ_MEMBER, row);
  let j = member * W_MEMBER + BLOCK * own_column * n_stride;
  var total = Tile();
  for (var first = 0u; first < n_stride; first += CHUNK) {
    let end = min(first + CHUNK, n_stride);
    var sum = Tile();
    for (var n = first; n < end; n++) {
      add_products(&sum, left_blocks(rows, n), right_blocks(j + n, BLOCK * next_column * n_stride));
    }
    add_tile(&total, sum);
  }
  write_dx(member, row, column, &total);
}

// Where the rows of dz begin that the rows of a tile need, four a block.
struct LeftRows {
  r0: vec4u, r1: vec4u, r2: vec4u, r3: vec4u, r4: vec4u, r5: vec4u, r6: vec4u, r7: vec4u,
}

fn left_rows(i: u32, row: u32) -> LeftRows {
  var rows: LeftRows;
  rows.r0 = block_rows(i, row);
  if (TILE_ROWS >= 2u) {
    rows.r1 = block_rows(i, row + BLOCK);
  }
  if (TILE_ROWS >= 4u) {
    rows.r2 = block_rows(i, row + 2 * BLOCK);
    rows.r3 = block_rows(i, row + 3 * BLOCK);
  }
  if (TILE_ROWS == 8u) {
    rows.r4 = block_rows(i, row + 4 * BLOCK);
    rows.r5 = block_rows(i, row + 5 * BLOCK);
    rows.r6 = block_rows(i, row + 6 * BLOCK);
    rows.r7 = block_rows(i, row + 7 * BLOCK);
  }
  return rows;
}

fn left_blocks(rows: LeftRows, n: u32) -> Left {
  var left: Left;
  left.m0 = rows_block(rows.r0 + n);
  if (TILE_ROWS >= 2u) {
    left.m1 = rows_block(rows.r1 + n);
  }
  if (TILE_ROWS >= 4u) {
    left.m2 = rows_block(rows.r2 + n);
    left.m3 = rows_block(rows.r3 + n);
  }
  if (TILE_ROWS == 8u) {
    left.m4 = rows_block(rows.r4 + n);
    left.m5 = rows_block(rows.r5 + n);
    left.m6 = rows_block(rows.r6 + n);
    left.m7 = rows_block(rows.r7 + n);
  }
  return left;
}

// Blocks of wᵀ beside each other.
fn right_blocks(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = column_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = column_block(j + next_column);
  }
  return right;
}
