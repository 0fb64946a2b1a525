// The gradient of the linear part of the layer before, dx, in tiles.

import package::dense_backward::{DZ_MEMBER, K, N, W_MEMBER, step};
import package::dense_backward::input_factors::{block_rows, column_block, rows_block, write_dx};
import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::left::{Left, LeftRows, left_column, loads_two, own_row};
import package::lib::quad::QUAD;
import package::lib::tile::{Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tiles_across};

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

// Where the rows of dz begin whose blocks this thread loads.
fn left_rows(i: u32, row: u32) -> LeftRows {
  var rows: LeftRows;
  rows.r0 = block_rows(i, row + BLOCK * own_row(0));
  if (loads_two()) {
    rows.r1 = block_rows(i, row + BLOCK * own_row(1));
  }
  return rows;
}

fn left_blocks(rows: LeftRows, n: u32) -> Left {
  var second: mat4x4f;
  if (loads_two()) {
    second = rows_block(rows.r1 + n);
  }
  return left_column(rows_block(rows.r0 + n), second);
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
