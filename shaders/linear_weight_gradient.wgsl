// Weight gradient of a dense layer.
//
//   dw[k, n] = Σ_m x[m, k] dz[m, n]      x: [M, K], dz: [M, N], dw: [K, N]
//
// Summed over the rows of the batch, not averaged. One thread computes one 4x4 block of
// dw, in order of m, so the result is reproducible.

import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::step::Step;

override K: u32;
override N: u32;
override X_MEMBER: u32 = 0;
override DZ_MEMBER: u32 = 0;
override DW_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 4;
override WORKGROUP_Y: u32 = 4;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> dz: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dw: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y;
  if (column >= blocks(N) || row >= blocks(K)) {
    return;
  }
  let n_stride = blocks(N);
  let k_stride = blocks(K);
  let batch = blocks(step.rows);
  var total = mat4x4f();
  var i = id.z * X_MEMBER + row;
  var j = id.z * DZ_MEMBER + column;
  for (var first = 0u; first < batch; first += CHUNK) {
    var sum = mat4x4f();
    for (var m = first; m < min(first + CHUNK, batch); m++) {
      let a = mat4x4f(x[i], x[i + k_stride], x[i + 2 * k_stride], x[i + 3 * k_stride]);
      sum += mat4x4f(dz[j], dz[j + n_stride], dz[j + 2 * n_stride], dz[j + 3 * n_stride]) * transpose(a);
      i += BLOCK * k_stride;
      j += BLOCK * n_stride;
    }
    total += sum;
  }
  let o = id.z * DW_MEMBER + BLOCK * row * n_stride + column;
  dw[o] = total[0];
  dw[o + n_stride] = total[1];
  dw[o + 2 * n_stride] = total[2];
  dw[o + 3 * n_stride] = total[3];
}
