// The rows of a minibatch, copied out of the data set in the epoch's order.
//
//   x[m, k] = features[order[start + m], k]      features: [rows, K], x: [M, K]
//   t[m]    = labels[order[start + m]]           labels: [rows], t: [M]
//
// One thread copies four columns; the thread of the first columns copies the label. Rows
// past the batch become zero up to the next multiple of four.

import package::lib::block::{BLOCK, blocks};
import package::lib::step::Step;

override K: u32;
override WORKGROUP_X: u32 = 8;
override WORKGROUP_Y: u32 = 8;

@group(0) @binding(0) var<storage, read> features: array<vec4f>;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> t: array<u32>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let stride = blocks(K);
  let row = id.y;
  if (id.x >= stride || row >= BLOCK * blocks(step.rows)) {
    return;
  }
  if (row >= step.rows) {
    x[row * stride + id.x] = vec4f();
    return;
  }
  let source = order[step.start + row];
  x[row * stride + id.x] = features[source * stride + id.x];
  if (id.x == 0u) {
    t[row] = labels[source];
  }
}
