// The gradients of a layer's parameters, dw and db, with both factors loaded for all threads of a workgroup.
//
// The sums are those of parameters.wgsl, addition by addition.

import package::dense_backward::{DZ_MEMBER, GRADIENT_MEMBER, K, N, X_MEMBER, step};
import package::dense_backward::gradients::{
  LEAF, SLOT, SLOTS, SPLIT, dz_block, note_split, source_rows, transposed_block, write_tile,
};
import package::lib::biases::{Biases, add_biases, add_columns};
import package::lib::block::{BLOCK, blocks};
import package::lib::stage::{DEPTH, left_stage, right_stage, stage_across, stage_down, staged_left, staged_right, stages};
import package::lib::tile::{TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile};
import package::lib::workgroup::workgroup_threads;

// Workgroups for dw and db.
fn staged_parameter_groups() -> u32 {
  return SPLIT * parameter_stages();
}

// Workgroups for one range of the batch.
fn parameter_stages() -> u32 {
  return stages(blocks(K), stage_down()) * stages(blocks(N), stage_across());
}

// The tiles of one workgroup over one range of the batch.
fn staged_parameter_gradients(group: u32, member: u32, thread: vec3u, index: u32) {
  let place = group % parameter_stages();
  let range = group / parameter_stages();
  let row = stage_down() * (place / stages(blocks(N), stage_across()));
  let column = stage_across() * (place % stages(blocks(N), stage_across()));
  let batch = blocks(step.rows);
  let begin = min(range * LEAF, batch);
  let end = select(min(begin + LEAF, batch), batch, SPLIT == 1u);
  var total = Tile();
  var biases = Biases();
  for (var leaf = begin; leaf < end; leaf += LEAF) {
    let leaf_end = min(leaf + LEAF, end);
    var sum = Tile();
    var bias_sums = Biases();
    for (var m = leaf; m < leaf_end; m += DEPTH) {
      stage_factors(member, row, column, m, index);
      workgroupBarrier();
      for (var d = 0u; d < min(DEPTH, leaf_end - m); d++) {
        let right = staged_right(thread.x, d);
        add_products(&sum, staged_left(thread.y, d), right);
        add_columns(&bias_sums, right);
      }
      workgroupBarrier();
    }
    add_tile(&total, sum);
    add_biases(&biases, bias_sums);
  }
  let g = member * GRADIENT_MEMBER;
  write_tile(g + range * SLOT, row + TILE_ROWS * thread.y, column + TILE_COLUMNS * thread.x, &total, biases);
  if (SLOTS > 1u && group == 0u && index == 0u) {
    note_split(g);
  }
}

// Loads this thread's share of the blocks from block `m` of the batch on; what lies outside is the last block again.
fn stage_factors(member: u32, row: u32, column: u32, m: u32, index: u32) {
  let last = blocks(step.rows) - 1;
  let n_stride = blocks(N);
  for (var i = index; i < DEPTH * stage_down(); i += workgroup_threads()) {
    let rows = source_rows(member * X_MEMBER, BLOCK * min(m + i % DEPTH, last));
    left_stage[i] = transposed_block(rows, row + i / DEPTH);
  }
  for (var i = index; i < DEPTH * stage_across(); i += workgroup_threads()) {
    let block_row = min(m + i / stage_across(), last);
    let block_column = min(column + i % stage_across(), n_stride - 1);
    right_stage[i] = dz_block(member * DZ_MEMBER + BLOCK * block_row * n_stride + block_column);
  }
}
