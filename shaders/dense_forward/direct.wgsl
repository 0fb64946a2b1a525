// The products of a tile of y, whose thread loads all that it needs of x and w.

import package::dense_forward::{K, N, W_MEMBER, X_MEMBER, step, w, x};
import package::dense_forward::factors::{source_rows, w_block, x_block};
import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::left::{Left, LeftRows, left_column, loads_two, own_row};
import package::lib::tile::{Right, TILE_COLUMNS, Tile, add_products, add_tile};

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

// Where the rows of x begin whose blocks this thread loads.
fn left_rows(i: u32, row: u32) -> LeftRows {
  var rows: LeftRows;
  rows.r0 = source_rows(i, row + BLOCK * own_row(0));
  if (loads_two()) {
    rows.r1 = source_rows(i, row + BLOCK * own_row(1));
  }
  return rows;
}

fn left_blocks(rows: LeftRows, k: u32) -> Left {
  var second: mat4x4f;
  if (loads_two()) {
    second = x_block(rows.r1 + k);
  }
  return left_column(x_block(rows.r0 + k), second);
}

fn right_blocks(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = w_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = w_block(j + next_column);
  }
  return right;
}
