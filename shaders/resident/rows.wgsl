// The left factor of a product whose rows are rows of the batch.

import package::lib::block::{BLOCK, blocks};
import package::lib::left::{Left, LeftRows, left_column, loads_two, own_row};
import package::resident::activation;

// Where the rows begin whose blocks this thread loads, of a matrix of `rows` rows that begins at `i`, for a tile that begins at `row`.
fn left_rows(i: u32, row: u32, rows: u32, stride: u32) -> LeftRows {
  var left: LeftRows;
  left.r0 = block_rows(i, row + BLOCK * own_row(0), rows, stride);
  if (loads_two()) {
    left.r1 = block_rows(i, row + BLOCK * own_row(1), rows, stride);
  }
  return left;
}

// A tile may stick out at the end: there it has the last rows again.
fn block_rows(i: u32, row: u32, rows: u32, stride: u32) -> vec4u {
  let first = min(row, BLOCK * (blocks(rows) - 1));
  return i + (first + vec4u(0, 1, 2, 3)) * stride;
}

fn left_blocks(rows: LeftRows, k: u32) -> Left {
  var second: mat4x4f;
  if (loads_two()) {
    second = activation_block(rows.r1 + k);
  }
  return left_column(activation_block(rows.r0 + k), second);
}

// The block whose rows begin at these places.
fn activation_block(i: vec4u) -> mat4x4f {
  return mat4x4f(activation[i.x], activation[i.y], activation[i.z], activation[i.w]);
}
