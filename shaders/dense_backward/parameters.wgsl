// The gradients of a layer's parameters, dw and db, in tiles of dw; those of block row 0 add up
// db beside it.
//
// The rows of the batch are cut into leaves of LEAF blocks. Each leaf is summed on its own, in
// order, and the leaves' sums are added in order: by one thread, or where SPLIT is more than
// one, each leaf by threads of its own into a slot of its own, to be added in update_all.wgsl.
// Both ways are the same additions in the same order, hence the same bits.

import package::dense_backward::{DZ_MEMBER, GATHER, GRADIENT_MEMBER, K, N, X_MEMBER, dz, gradient, order, step, x};
import package::lib::block::{BLOCK, blocks};
import package::lib::quad::{QUAD, quad_block, quad_lane};
import package::lib::tile::{Left, Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tile_block, tiles_across, tiles_down};

override LEAF: u32;
override DW: u32; // where dw begins among the gradients of a member
override DB: u32; // and db
override SLOTS: u32 = 1;
override SLOT: u32 = 0; // from one slot to the next
override SPLITS: u32 = 0; // where the table of splits begins
override LAYER: u32 = 0;
override SPLIT: u32 = 1;

// Threads for dw and db, one a tile and range of the batch.
fn parameter_parts() -> u32 {
  return SPLIT * tiles_down(K) * tiles_across(N);
}

// One tile of dw over one range of the batch and, for block row 0, its columns of db.
fn parameter_gradients(part: u32, member: u32) {
  if (!QUAD && part >= parameter_parts()) {
    return;
  }
  let tile = part % (tiles_down(K) * tiles_across(N));
  let range = part / (tiles_down(K) * tiles_across(N));
  let row = TILE_ROWS * (tile / tiles_across(N));
  let column = TILE_COLUMNS * (tile % tiles_across(N));
  let n_stride = blocks(N);
  // A tile may stick out at the end: its blocks there are then the last ones again.
  let own_column = min(column, n_stride - 1);
  let next_column = min(own_column + 1, n_stride - 1) - own_column;
  let batch = blocks(step.rows);
  let begin = min(range * LEAF, batch);
  let end = select(min(begin + LEAF, batch), batch, SPLIT == 1u);
  let i = member * X_MEMBER;
  var j = member * DZ_MEMBER + BLOCK * begin * n_stride + own_column;
  var total = Tile();
  var bias_total0 = vec4f();
  var bias_total1 = vec4f();
  for (var leaf = begin; leaf < end; leaf += LEAF) {
    let leaf_end = min(leaf + LEAF, end);
    var sum = Tile();
    var bias_sum0 = vec4f();
    var bias_sum1 = vec4f();
    for (var m = leaf; m < leaf_end; m++) {
      let right = right_blocks(j, next_column);
      add_products(&sum, left_blocks(source_rows(i, BLOCK * m), row), right);
      bias_sum0 += column_sums(right.m0);
      if (TILE_COLUMNS == 2u) {
        bias_sum1 += column_sums(right.m1);
      }
      j += BLOCK * n_stride;
    }
    add_tile(&total, sum);
    bias_total0 += bias_sum0;
    bias_total1 += bias_sum1;
  }
  if (part >= parameter_parts()) {
    return;
  }
  let g = member * GRADIENT_MEMBER;
  let slot = g + range * SLOT;
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      let bias = select(bias_total1, bias_total0, c == 0u);
      write_block(slot, row + r, column + c, tile_block(&total, r, c), bias);
    }
  }
  if (SLOTS > 1u && part == 0u) {
    let ends = vec3u(DW + BLOCK * blocks(K) * n_stride, DB + BLOCK * n_stride, SPLIT);
    gradient[g + SPLITS + LAYER] = vec4f(vec3f(ends), 0);
  }
}

// Where the rows of x begin that four rows of the batch from `row` on are. Past the batch dz is
// zero, and any row serves.
fn source_rows(i: u32, row: u32) -> vec4u {
  if (QUAD) {
    return vec4u(i + source_row(row + quad_lane) * blocks(K));
  }
  let rows = vec4u(source_row(row), source_row(row + 1), source_row(row + 2), source_row(row + 3));
  return i + rows * blocks(K);
}

fn source_row(row: u32) -> u32 {
  if (GATHER) {
    return order[step.start + min(row, step.rows - 1)];
  }
  return row;
}

// Blocks of xᵀ beneath each other: those of x beside each other from block column `k` on, transposed.
fn left_blocks(rows: vec4u, k: u32) -> Left {
  var left: Left;
  left.m0 = transposed_block(rows, k);
  if (TILE_ROWS >= 2u) {
    left.m1 = transposed_block(rows, k + 1);
  }
  if (TILE_ROWS >= 4u) {
    left.m2 = transposed_block(rows, k + 2);
    left.m3 = transposed_block(rows, k + 3);
  }
  if (TILE_ROWS == 8u) {
    left.m4 = transposed_block(rows, k + 4);
    left.m5 = transposed_block(rows, k + 5);
    left.m6 = transposed_block(rows, k + 6);
    left.m7 = transposed_block(rows, k + 7);
  }
  return left;
}

fn transposed_block(rows: vec4u, k: u32) -> mat4x4f {
  let i = rows + min(k, blocks(K) - 1);
  if (QUAD) {
    return transpose(quad_block(x[i.x]));
  }
  return transpose(mat4x4f(x[i.x], x[i.y], x[i.z], x[i.w]));
}

fn right_blocks(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = dz_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = dz_block(j + next_column);
  }
  return right;
}

fn dz_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return mat4x4f(dz[j], dz[j + stride], dz[j + 2 * stride], dz[j + 3 * stride]);
}

fn column_sums(block: mat4x4f) -> vec4f {
  return (block[0] + block[1]) + (block[2] + block[3]);
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
