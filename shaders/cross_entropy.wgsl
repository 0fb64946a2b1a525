// The loss of every row, and whether the row is classified rightly.
//
//   loss[m] = log Σ_n exp(y[m, n] - h) - (y[m, t[m]] - h),  h = max_n y[m, n]      y: [M, N], t: [M]
//   hit[m]  = 1 where the first largest column of y[m] is t[m], else 0             loss, hit: [M]
//
// Taken from y, not from log p, which loses every digit where p is small. One thread
// computes one row.

import package::lib::block::{BLOCK, blocks, keep_columns};
import package::lib::row::{row_maximum, sum_of_columns};
import package::lib::step::Step;

override N: u32;
override Y_MEMBER: u32 = 0;
override LOSS_MEMBER: u32 = 0;
override HIT_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 32;

@group(0) @binding(0) var<storage, read> y: array<vec4f>;
@group(0) @binding(1) var<storage, read> t: array<u32>;
@group(0) @binding(2) var<storage, read_write> loss: array<f32>;
@group(0) @binding(3) var<storage, read_write> hit: array<f32>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= BLOCK * blocks(step.rows)) {
    return;
  }
  let o = BLOCK * id.z * LOSS_MEMBER + row;
  if (row >= step.rows) {
    loss[o] = 0;
    hit[BLOCK * id.z * HIT_MEMBER + row] = 0;
    return;
  }
  let stride = blocks(N);
  let i = id.z * Y_MEMBER + row * stride;
  var highest = y[i].x;
  for (var n = 0u; n < stride; n++) {
    highest = row_maximum(highest, y[i + n], n, N);
  }
  var sum = 0f;
  var first = N;
  for (var n = 0u; n < stride; n++) {
    let values = y[i + n];
    sum += sum_of_columns(keep_columns(exp(values - highest), n, N));
    for (var c = 0u; c < BLOCK; c++) {
      if (values[c] == highest) {
        first = min(first, BLOCK * n + c);
      }
    }
  }
  let target_column = t[row];
  let at_target = y[i + target_column / BLOCK][target_column % BLOCK];
  loss[o] = log(sum) - (at_target - highest);
  hit[BLOCK * id.z * HIT_MEMBER + row] = f32(first == target_column);
}
