// The gradient of the linear part of the layer before, dx, with both factors loaded for all threads of a workgroup.

import package::dense_backward::{DZ_MEMBER, K, N, W_MEMBER, step};
import package::dense_backward::input_factors::{block_rows, column_block, rows_block, write_dx};
import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::stage::{DEPTH, left_stage, right_stage, stage_across, stage_down, staged_left, staged_right, stages};
import package::lib::tile::{TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile};
import package::lib::workgroup::workgroup_threads;

// The tiles of one workgroup.
fn staged_input_gradient(group: u32, member: u32, thread: vec3u, index: u32) {
  let across = stages(blocks(K), stage_across());
  let row = stage_down() * (group / across);
  let column = stage_across() * (group % across);
  let n_stride = blocks(N);
  var total = Tile();
  for (var first = 0u; first < n_stride; first += CHUNK) {
    let end = min(first + CHUNK, n_stride);
    var sum = Tile();
    for (var n = first; n < end; n += DEPTH) {
      stage_input(member, row, column, n, index);
      workgroupBarrier();
      for (var d = 0u; d < min(DEPTH, end - n); d++) {
        add_products(&sum, staged_left(thread.y, d), staged_right(thread.x, d));
      }
      workgroupBarrier();
    }
    add_tile(&total, sum);
  }
  write_dx(member, BLOCK * (row + TILE_ROWS * thread.y), column + TILE_COLUMNS * thread.x, &total);
}

// Loads this thread's share of the blocks from block column `n` of dz on; what lies outside is the last block again.
fn stage_input(member: u32, row: u32, column: u32, n: u32, index: u32) {
  let n_stride = blocks(N);
  for (var i = index; i < DEPTH * stage_down(); i += workgroup_threads()) {
    let rows = block_rows(member * DZ_MEMBER, BLOCK * (row + i / DEPTH));
    left_stage[i] = rows_block(rows + min(n + i % DEPTH, n_stride - 1));
  }
  for (var i = index; i < DEPTH * stage_across(); i += workgroup_threads()) {
    let block_row = min(column + i % stage_across(), blocks(K) - 1);
    let block_column = min(n + i / stage_across(), n_stride - 1);
    right_stage[i] = column_block(member * W_MEMBER + BLOCK * block_row * n_stride + block_column);
  }
}
