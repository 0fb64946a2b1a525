// A dense layer's linear part.
//
//   z[m, n] = Σ_k x[m, k] w[k, n] + b[n]      x: [M, K], w: [K, N], b: [N], z: [M, N]
//
// One thread computes one 4x4 block of z, in order of k. Rows past the batch become zero.

import package::lib::block::{BLOCK, CHUNK, blocks, keep_rows};
import package::lib::step::Step;

override K: u32;
override N: u32;
override X_MEMBER: u32 = 0;
override W_MEMBER: u32 = 0;
override B_MEMBER: u32 = 0;
override Z_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 4;
override WORKGROUP_Y: u32 = 4;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> w: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> z: array<vec4f>;
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
  var total = mat4x4f();
  var i = id.z * X_MEMBER + row * x_stride;
  var j = id.z * W_MEMBER + column;
  for (var first = 0u; first < x_stride; first += CHUNK) {
    var sum = mat4x4f();
    for (var k = first; k < min(first + CHUNK, x_stride); k++) {
      let a = mat4x4f(x[i], x[i + x_stride], x[i + 2 * x_stride], x[i + 3 * x_stride]);
      sum += mat4x4f(w[j], w[j + w_stride], w[j + 2 * w_stride], w[j + 3 * w_stride]) * a;
      i++;
      j += BLOCK * w_stride;
    }
    total += sum;
  }
  let bias = b[id.z * B_MEMBER + column];
  total = keep_rows(total + mat4x4f(bias, bias, bias, bias), row, step.rows);

  let o = id.z * Z_MEMBER + row * w_stride + column;
  z[o] = total[0];
  z[o + w_stride] = total[1];
  z[o + 2 * w_stride] = total[2];
  z[o + 3 * w_stride] = total[3];
}
