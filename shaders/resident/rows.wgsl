// The left factor of a product whose rows are rows of the batch.

import package::lib::block::{BLOCK, blocks};
import package::lib::quad::{QUAD, own_rows, quad_block};
import package::lib::tile::{Left, TILE_ROWS};
import package::resident::activation;

// Where the rows begin that the rows of a tile need, four a block.
struct LeftRows {
  r0: vec4u, r1: vec4u, r2: vec4u, r3: vec4u,
}

// Those of a matrix of `rows` rows that begins at `i`, for a tile that begins at `row`.
fn left_rows(i: u32, row: u32, rows: u32, stride: u32) -> LeftRows {
  var left: LeftRows;
  left.r0 = block_rows(i, row, rows, stride);
  if (TILE_ROWS >= 2u) {
    left.r1 = block_rows(i, row + BLOCK, rows, stride);
  }
  if (TILE_ROWS >= 4u) {
    left.r2 = block_rows(i, row + 2 * BLOCK, rows, stride);
    left.r3 = block_rows(i, row + 3 * BLOCK, rows, stride);
  }
  return left;
}

// A tile may stick out at the end: there it has the last rows again.
fn block_rows(i: u32, row: u32, rows: u32, stride: u32) -> vec4u {
  let first = min(row, BLOCK * (blocks(rows) - 1));
  return own_rows(i + (first + vec4u(0, 1, 2, 3)) * stride);
}

fn left_blocks(rows: LeftRows, k: u32) -> Left {
  var left: Left;
  left.m0 = activation_block(rows.r0 + k);
  if (TILE_ROWS >= 2u) {
    left.m1 = activation_block(rows.r1 + k);
  }
  if (TILE_ROWS >= 4u) {
    left.m2 = activation_block(rows.r2 + k);
    left.m3 = activation_block(rows.r3 + k);
  }
  return left;
}

// The block whose rows begin at these places; in a quad, only this thread's own row is given.
fn activation_block(i: vec4u) -> mat4x4f {
  if (QUAD) {
    return quad_block(activation[i.x]);
  }
  return mat4x4f(activation[i.x], activation[i.y], activation[i.z], activation[i.w]);
}
