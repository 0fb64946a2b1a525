// The two factors of dw, xᵀ and dz, and what becomes of a tile of their products.

import package::dense_backward::{GATHER, K, N, dz, gradient, order, step, x};
import package::lib::biases::Biases;
import package::lib::block::{BLOCK, blocks};
import package::lib::quad::{QUAD, quad_lane, quad_numbers};
import package::lib::tile::{TILE_COLUMNS, TILE_ROWS, Tile, tile_block, tile_row};

override LEAF: u32;
override DW: u32; // where dw begins among the gradients of a member
override DB: u32; // and db
override SLOTS: u32 = 1;
override SLOT: u32 = 0; // from one slot to the next
override SPLITS: u32 = 0; // where the table of splits begins
override LAYER: u32 = 0;
override SPLIT: u32 = 1;

// Where the rows of x begin that four rows of the batch from `row` on are. Past the batch dz is
// zero, and any row serves.
fn source_rows(i: u32, row: u32) -> vec4u {
  var rows = row + vec4u(0, 1, 2, 3);
  if (GATHER && QUAD) {
    rows = quad_numbers(source_row(row + quad_lane));
  } else if (GATHER) {
    rows = vec4u(source_row(row), source_row(row + 1), source_row(row + 2), source_row(row + 3));
  }
  return i + rows * blocks(K);
}

fn source_row(row: u32) -> u32 {
  return order[step.start + min(row, step.rows - 1)];
}

// The block of xᵀ in block row `k`, out of those rows of x.
fn transposed_block(rows: vec4u, k: u32) -> mat4x4f {
  let i = rows + min(k, blocks(K) - 1);
  return transpose(mat4x4f(x[i.x], x[i.y], x[i.z], x[i.w]));
}

// The block of dz whose first row lies at `j`.
fn dz_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return mat4x4f(dz[j], dz[j + stride], dz[j + 2 * stride], dz[j + 3 * stride]);
}

// Writes a tile of dw from block row `row` and block column `column` on, and beside block row 0 its columns
// of db, into the slot that begins at `slot`.
fn write_tile(slot: u32, row: u32, column: u32, tile: ptr<function, Tile>, biases: Biases) {
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      let bias = select(biases.b1, biases.b0, c == 0u);
      write_block(slot, row + tile_row(r), column + c, tile_block(tile, r, c), bias);
    }
  }
}

fn write_block(slot: u32, row: u32, column: u32, block: mat4x4f, bias: vec4f) {
  let stride = blocks(N);
  if (row >= blocks(K) || column >= stride) {
    return;
  }
  let o = slot + DW + BLOCK * row * stride + column;
  gradient[o] = block[0];
  gradient[o + stride] = block[1];
  gradient[o + 2 * stride] = block[2];
  gradient[o + 3 * stride] = block[3];
  if (row == 0u) {
    gradient[slot + DB + column] = bias;
  }
}

// Notes where the layer's gradients end among those that begin at `g`, and how many slots they fill.
fn note_split(g: u32) {
  let ends = vec3u(DW + BLOCK * blocks(K) * blocks(N), DB + BLOCK * blocks(N), SPLIT);
  gradient[g + SPLITS + LAYER] = vec4f(vec3f(ends), 0);
}
