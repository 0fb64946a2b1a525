// The gradients of a layer's parameters, dw and db, in tiles of dw; those of block row 0 add up
// db beside it.
//
// The rows of the batch are cut into leaves of LEAF blocks. Each leaf is summed on its own, in
// order, and the leaves' sums are added in order: by one thread, or where SPLIT is more than
// one, each leaf by threads of its own into a slot of its own, to be added in update_all.wgsl.
// Both ways are the same additions in the same order, hence the same bits.

import package::dense_backward::{DZ_MEMBER, GRADIENT_MEMBER, K, N, X_MEMBER, step};
import package::dense_backward::gradients::{
  LEAF, SLOT, SLOTS, SPLIT, dz_block, note_split, source_rows, transposed_block, write_tile,
};
import package::lib::biases::{Biases, add_biases, add_columns};
import package::lib::block::{BLOCK, blocks};
import package::lib::left::{Left, left_column, loads_two, own_row};
import package::lib::quad::QUAD;
import package::lib::tile::{Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tiles_across, tiles_down};

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
  var biases = Biases();
  for (var leaf = begin; leaf < end; leaf += LEAF) {
    let leaf_end = min(leaf + LEAF, end);
    var sum = Tile();
    var bias_sums = Biases();
    for (var m = leaf; m < leaf_end; m++) {
      let right = right_blocks(j, next_column);
      add_products(&sum, left_blocks(source_rows(i, BLOCK * m), row), right);
      add_columns(&bias_sums, right);
      j += BLOCK * n_stride;
    }
    add_tile(&total, sum);
    add_biases(&biases, bias_sums);
  }
  if (part >= parameter_parts()) {
    return;
  }
  let g = member * GRADIENT_MEMBER;
  write_tile(g + range * SLOT, row, column, &total, biases);
  if (SLOTS > 1u && part == 0u) {
    note_split(g);
  }
}

// Blocks of xᵀ beneath each other: those of x beside each other from block column `k` on, transposed.
fn left_blocks(rows: vec4u, k: u32) -> Left {
  var second: mat4x4f;
  if (loads_two()) {
    second = transposed_block(rows, k + own_row(1));
  }
  return left_column(transposed_block(rows, k + own_row(0)), second);
}

fn right_blocks(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = dz_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = dz_block(j + next_column);
  }
  return right;
}
