// The products of a tile of y, whose thread loads all that it needs of x and w.

import package::dense_forward::{K, N, W_MEMBER, X_MEMBER, step, w, x};
import package::dense_forward::factors::{source_rows, w_block, x_block};
import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::tile::{Left, Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile};

// The tile whose first block is that of row `row` and block column `column`.
fn direct_products(member: u32, row: u32, column: u32) -> Tile {
  let x_stride = blocks(K);
  let w_stride = blocks(N);
  let rows = left_rows(member * X_MEMBER, row);
  let own_column = min(column, w_stride - 1);
  let next_column = min(own_column + 1, w_stride - 1) - own_column;
  var j = member * W_MEMBER + own_column;
  var total = Tile();
  for (var first = 0u; first < x_stride; first += CHUNK) {
    let end = min(first + CHUNK, x_stride);
    var sum = Tile();
    for (var k = first; k < end; k++) {
      add_products(&sum, left_blocks(rows, k), right_blocks(j, next_column));
      j += BLOCK * w_stride;
    }
    add_tile(&total, sum);
  }
  return total;
}

// Where the rows of x begin that the rows of a tile need, four a block.
struct LeftRows {
  r0: vec4u, r1: vec4u, r2: vec4u, r3: vec4u, r4: vec4u, r5: vec4u, r6: vec4u, r7: vec4u,
}

fn left_rows(i: u32, row: u32) -> LeftRows {
  var rows: LeftRows;
  rows.r0 = source_rows(i, row);
  if (TILE_ROWS >= 2u) {
    rows.r1 = source_rows(i, row + BLOCK);
  }
  if (TILE_ROWS >= 4u) {
    rows.r2 = source_rows(i, row + 2 * BLOCK);
    rows.r3 = source_rows(i, row + 3 * BLOCK);
  }
  if (TILE_ROWS == 8u) {
    rows.r4 = source_rows(i, row + 4 * BLOCK);
    rows.r5 = source_rows(i, row + 5 * BLOCK);
    rows.r6 = source_rows(i, row + 6 * BLOCK);
    rows.r7 = source_rows(i, row + 7 * BLOCK);
  }
  return rows;
}

fn left_blocks(rows: LeftRows, k: u32) -> Left {
  var left: Left;
  left.m0 = x_block(rows.r0 + k);
  if (TILE_ROWS >= 2u) {
    left.m1 = x_block(rows.r1 + k);
  }
  if (TILE_ROWS >= 4u) {
    left.m2 = x_block(rows.r2 + k);
    left.m3 = x_block(rows.r3 + k);
  }
  if (TILE_ROWS == 8u) {
    left.m4 = x_block(rows.r4 + k);
    left.m5 = x_block(rows.r5 + k);
    left.m6 = x_block(rows.r6 + k);
    left.m7 = x_block(rows.r7 + k);
  }
  return left;
}

fn right_blocks(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = w_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = w_block(j + next_column);
  }
  return right;
}
