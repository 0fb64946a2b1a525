// A whole dense layer, forward.
//
//   y[m, n] = σ(Σ_k x[m, k] w[k, n] + b[n])      x: [M, K], w: [K, N], b: [N], y: [M, N]
//
// σ is the logistic function, or nothing where SIGMOID is false. Where GATHER is true, x is
// the data set and its rows are taken through the order. One thread computes one 4x4 block,
// in order of k. Padding becomes zero.

import package::lib::block::{BLOCK, CHUNK, blocks, keep_block};
import package::lib::sigmoid::sigmoid_block;
import package::lib::step::Step;

override K: u32;
override N: u32;
override SIGMOID: bool = true;
override GATHER: bool = false;
override X_MEMBER: u32 = 0;
override W_MEMBER: u32 = 0;
override B_MEMBER: u32 = 0;
override Y_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 4;
override WORKGROUP_Y: u32 = 4;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = BLOCK * id.y;
  if (column >= blocks(N) || row >= step.rows) {
    return;
  }
  let x_stride = blocks(K);
  let w_stride = blocks(N);
  var rows = row + vec4u(0, 1, 2, 3);
  if (GATHER) {
    let place = step.start + min(rows, vec4u(step.rows - 1));
    rows = vec4u(order[place.x], order[place.y], order[place.z], order[place.w]);
  }
  let i = id.z * X_MEMBER + rows * x_stride;
  var j = id.z * W_MEMBER + column;
  var total = mat4x4f();
  for (var first = 0u; first < x_stride; first += CHUNK) {
    var sum = mat4x4f();
    for (var k = first; k < min(first + CHUNK, x_stride); k++) {
      let a = mat4x4f(x[i.x + k], x[i.y + k], x[i.z + k], x[i.w + k]);
      sum += mat4x4f(w[j], w[j + w_stride], w[j + 2 * w_stride], w[j + 3 * w_stride]) * a;
      j += BLOCK * w_stride;
    }
    total += sum;
  }
  let bias = b[id.z * B_MEMBER + column];
  total += mat4x4f(bias, bias, bias, bias);
  if (SIGMOID) {
    total = sigmoid_block(total);
  }
  total = keep_block(total, row, step.rows, column, N);

  let o = id.z * Y_MEMBER + row * w_stride + column;
  y[o] = total[0];
  y[o + w_stride] = total[1];
  y[o + 2 * w_stride] = total[2];
  y[o + 3 * w_stride] = total[3];
}
