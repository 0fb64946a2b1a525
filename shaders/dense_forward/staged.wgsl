// The products of a tile of y, whose workgroup loads x and w for all its threads.

import package::dense_forward::{K, N, W_MEMBER, X_MEMBER};
import package::dense_forward::factors::{source_rows, w_block, x_block};
import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::stage::{DEPTH, left_stage, right_stage, stage_across, stage_down, staged_left, staged_right};
import package::lib::tile::{Tile, add_products, add_tile};
import package::lib::workgroup::workgroup_threads;

// The tile of one thread; all threads of the workgroup come here, whether their tiles lie in y or not.
fn staged_products(group: vec3u, thread: vec3u, index: u32) -> Tile {
  let x_stride = blocks(K);
  var total = Tile();
  for (var first = 0u; first < x_stride; first += CHUNK) {
    let end = min(first + CHUNK, x_stride);
    var sum = Tile();
    for (var k = first; k < end; k += DEPTH) {
      stage(group, k, index);
      workgroupBarrier();
      for (var d = 0u; d < min(DEPTH, end - k); d++) {
        add_products(&sum, staged_left(thread.y, d), staged_right(thread.x, d));
      }
      workgroupBarrier();
    }
    add_tile(&total, sum);
  }
  return total;
}

// Loads this thread's share of the blocks from `k` on; what lies outside is the last block again.
fn stage(group: vec3u, k: u32, index: u32) {
  let last = blocks(K) - 1;
  let w_stride = blocks(N);
  for (var i = index; i < DEPTH * stage_down(); i += workgroup_threads()) {
    let rows = source_rows(group.z * X_MEMBER, BLOCK * (group.y * stage_down() + i / DEPTH));
    left_stage[i] = x_block(rows + min(k + i % DEPTH, last));
  }
  for (var i = index; i < DEPTH * stage_across(); i += workgroup_threads()) {
    let column = min(group.x * stage_across() + i % stage_across(), w_stride - 1);
    let row = min(k + i / stage_across(), last);
    right_stage[i] = w_block(group.z * W_MEMBER + BLOCK * row * w_stride + column);
  }
}
