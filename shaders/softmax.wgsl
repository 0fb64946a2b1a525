// The classifier's probabilities.
//
//   p[m, n] = exp(y[m, n] - max_j y[m, j]) / Σ_j exp(y[m, j] - max_j y[m, j])      y, p: [M, N]
//
// One thread computes one row.

import package::lib::block::{BLOCK, blocks, keep_columns};
import package::lib::row::{row_maximum, sum_of_columns};
import package::lib::step::Step;

override N: u32;
override Y_MEMBER: u32 = 0;
override P_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 32;

@group(0) @binding(0) var<storage, read> y: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> p: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= BLOCK * blocks(step.rows)) {
    return;
  }
  let stride = blocks(N);
  let o = id.z * P_MEMBER + row * stride;
  if (row >= step.rows) {
    for (var n = 0u; n < stride; n++) {
      p[o + n] = vec4f();
    }
    return;
  }
  let i = id.z * Y_MEMBER + row * stride;
  var highest = y[i].x;
  for (var n = 0u; n < stride; n++) {
    highest = row_maximum(highest, y[i + n], n, N);
  }
  var sum = 0f;
  for (var n = 0u; n < stride; n++) {
    let e = keep_columns(exp(y[i + n] - highest), n, N);
    p[o + n] = e;
    sum += sum_of_columns(e);
  }
  for (var n = 0u; n < stride; n++) {
    p[o + n] /= sum;
  }
}
