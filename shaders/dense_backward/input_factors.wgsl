// The two factors of dx, dz and wᵀ, and what becomes of a tile of their products.

import package::dense_backward::{ACTIVATION, DX_MEMBER, K, N, SAVED_MEMBER, dx, dz, saved, step, w};
import package::lib::activated::through;
import package::lib::block::{BLOCK, blocks};
import package::lib::tile::{TILE_COLUMNS, TILE_ROWS, Tile, tile_block, tile_row};

// Where four rows of dz from `row` on begin. A tile may stick out at the end: there it computes the last rows again.
fn block_rows(i: u32, row: u32) -> vec4u {
  let first = min(row, BLOCK * (blocks(step.rows) - 1));
  return i + (first + vec4u(0, 1, 2, 3)) * blocks(N);
}

// The block of dz whose rows lie at `i`.
fn rows_block(i: vec4u) -> mat4x4f {
  return mat4x4f(dz[i.x], dz[i.y], dz[i.z], dz[i.w]);
}

// The block of wᵀ that is the block of w whose first row lies at `j`.
fn column_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return transpose(mat4x4f(w[j], w[j + stride], w[j + 2 * stride], w[j + 3 * stride]));
}

// Writes a tile of dx from row `row` and block column `column` on.
fn write_dx(member: u32, row: u32, column: u32, tile: ptr<function, Tile>) {
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_dx_block(member, row + BLOCK * tile_row(r), column + c, tile_block(tile, r, c));
    }
  }
}

// Ends one block of dx, whose row is `row`. Padding of dz and w is zero, so that of dx becomes zero.
fn write_dx_block(member: u32, row: u32, column: u32, dy: mat4x4f) {
  let stride = blocks(K);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let i = member * SAVED_MEMBER + row * stride + column;
  let o = member * DX_MEMBER + row * stride + column;
  // Written out: an index into a matrix that changes in a loop would send it through memory.
  dx[o] = through(ACTIVATION, dy[0], saved[i]);
  dx[o + stride] = through(ACTIVATION, dy[1], saved[i + stride]);
  dx[o + 2 * stride] = through(ACTIVATION, dy[2], saved[i + 2 * stride]);
  dx[o + 3 * stride] = through(ACTIVATION, dy[3], saved[i + 3 * stride]);
}
