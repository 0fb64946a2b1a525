// The gradient of the linear part of the layer before, dx, in tiles.

import package::dense_backward::{DX_MEMBER, DZ_MEMBER, K, N, W_MEMBER, X_MEMBER, dx, dz, step, w, x};
import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::sigmoid::through_sigmoid;
import package::lib::quad::{QUAD, own_rows, quad_block};
import package::lib::tile::{Left, Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tile_block, tiles_across};

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
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_block(member, row + BLOCK * r, column + c, tile_block(&total, r, c));
    }
  }
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

fn block_rows(i: u32, row: u32) -> vec4u {
  let first = min(row, BLOCK * (blocks(step.rows) - 1));
  return own_rows(i + (first + vec4u(0, 1, 2, 3)) * blocks(N));
}

fn left_blocks(rows: LeftRows, n: u32) -> Left {
  var left: Left;
  left.m0 = dz_block(rows.r0 + n);
  if (TILE_ROWS >= 2u) {
    left.m1 = dz_block(rows.r1 + n);
  }
  if (TILE_ROWS >= 4u) {
    left.m2 = dz_block(rows.r2 + n);
    left.m3 = dz_block(rows.r3 + n);
  }
  if (TILE_ROWS == 8u) {
    left.m4 = dz_block(rows.r4 + n);
    left.m5 = dz_block(rows.r5 + n);
    left.m6 = dz_block(rows.r6 + n);
    left.m7 = dz_block(rows.r7 + n);
  }
  return left;
}

fn dz_block(i: vec4u) -> mat4x4f {
  if (QUAD) {
    return quad_block(dz[i.x]);
  }
  return mat4x4f(dz[i.x], dz[i.y], dz[i.z], dz[i.w]);
}

// Blocks of wᵀ beside each other.
fn right_blocks(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = transposed_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = transposed_block(j + next_column);
  }
  return right;
}

fn transposed_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return transpose(mat4x4f(w[j], w[j + stride], w[j + 2 * stride], w[j + 3 * stride]));
}

// Ends one block of dx, whose row is `row`. Padding of dz and w is zero, so that of dx becomes zero.
fn write_block(member: u32, row: u32, column: u32, dy: mat4x4f) {
  let stride = blocks(K);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let input = member * X_MEMBER + row * stride + column;
  let o = member * DX_MEMBER + row * stride + column;
  // Written out: an index into a matrix that changes in a loop would send it through memory.
  dx[o] = through_sigmoid(dy[0], x[input]);
  dx[o + stride] = through_sigmoid(dy[1], x[input + stride]);
  dx[o + 2 * stride] = through_sigmoid(dy[2], x[input + 2 * stride]);
  dx[o + 3 * stride] = through_sigmoid(dy[3], x[input + 3 * stride]);
}
