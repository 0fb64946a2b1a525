// A whole dense layer, backward: to its parameters and, but for the first layer, to its input.
//
//   dw[k, n] = Σ_m x[m, k] dz[m, n]                         x: [M, K], dz: [M, N], dw: [K, N]
//   db[n]    = Σ_m dz[m, n]                                 db: [N]
//   dx[m, k] = x[m, k] (1 - x[m, k]) Σ_n dz[m, n] w[k, n]    w: [K, N], dx: [M, K]
//
// x is the output of the layer before, a sigmoid's, so dx is the gradient of that layer's
// linear part. `first` leaves dx out; where GATHER is true, it takes the rows of the data set
// through the order. Gradients are sums over the batch, in order of m. One thread computes
// one 4x4 block of dw or of dx; those of the first block row of dw add up db beside it.

import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::step::Step;

override K: u32;
override N: u32;
override GATHER: bool = false;
override X_MEMBER: u32 = 0;
override DZ_MEMBER: u32 = 0;
override W_MEMBER: u32 = 0;
override DX_MEMBER: u32 = 0;
override GRADIENT_MEMBER: u32 = 0;
override DW: u32; // where dw begins among the gradients of a member
override DB: u32; // and db
override WORKGROUP_X: u32 = 16;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> dz: array<vec4f>;
@group(0) @binding(3) var<storage, read> w: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> gradient: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let weights = blocks(K) * blocks(N);
  if (id.x < weights) {
    parameter_gradients(id.x / blocks(N), id.x % blocks(N), id.z);
  } else {
    input_gradient((id.x - weights) / blocks(K), (id.x - weights) % blocks(K), id.z);
  }
}

@compute @workgroup_size(WORKGROUP_X)
fn first(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < blocks(K) * blocks(N)) {
    parameter_gradients(id.x / blocks(N), id.x % blocks(N), id.z);
  }
}

// One block of dw and, for block row 0, its columns of db.
fn parameter_gradients(row: u32, column: u32, member: u32) {
  let n_stride = blocks(N);
  let k_stride = blocks(K);
  let batch = blocks(step.rows);
  let x_member = member * X_MEMBER + row;
  var j = member * DZ_MEMBER + column;
  var total = mat4x4f();
  var bias_total = vec4f();
  for (var start = 0u; start < batch; start += CHUNK) {
    var sum = mat4x4f();
    var bias_sum = vec4f();
    for (var m = start; m < min(start + CHUNK, batch); m++) {
      var rows = BLOCK * m + vec4u(0, 1, 2, 3);
      if (GATHER) {
        // Past the batch dz is zero, and any row of x serves.
        let place = step.start + min(rows, vec4u(step.rows - 1));
        rows = vec4u(order[place.x], order[place.y], order[place.z], order[place.w]);
      }
      let i = x_member + rows * k_stride;
      let a = mat4x4f(x[i.x], x[i.y], x[i.z], x[i.w]);
      let b = mat4x4f(dz[j], dz[j + n_stride], dz[j + 2 * n_stride], dz[j + 3 * n_stride]);
      sum += b * transpose(a);
      bias_sum += (b[0] + b[1]) + (b[2] + b[3]);
      j += BLOCK * n_stride;
    }
    total += sum;
    bias_total += bias_sum;
  }
  let g = member * GRADIENT_MEMBER;
  let o = g + DW + BLOCK * row * n_stride + column;
  gradient[o] = total[0];
  gradient[o + n_stride] = total[1];
  gradient[o + 2 * n_stride] = total[2];
  gradient[o + 3 * n_stride] = total[3];
  if (row == 0u) {
    gradient[g + DB + column] = bias_total;
  }
}

// One block of dx. Padding of dz and w is zero, so that of dx becomes zero.
fn input_gradient(block_row: u32, column: u32, member: u32) {
  let row = BLOCK * block_row;
  if (row >= step.rows) {
    return;
  }
  let n_stride = blocks(N);
  let k_stride = blocks(K);
  var i = member * DZ_MEMBER + row * n_stride;
  var j = member * W_MEMBER + BLOCK * column * n_stride;
  var total = mat4x4f();
  for (var start = 0u; start < n_stride; start += CHUNK) {
    var sum = mat4x4f();
    for (var n = start; n < min(start + CHUNK, n_stride); n++) {
      let a = mat4x4f(dz[i], dz[i + n_stride], dz[i + 2 * n_stride], dz[i + 3 * n_stride]);
      let b = mat4x4f(w[j], w[j + n_stride], w[j + 2 * n_stride], w[j + 3 * n_stride]);
      sum += transpose(b) * a;
      i++;
      j++;
    }
    total += sum;
  }
  let input = member * X_MEMBER + row * k_stride + column;
  let o = member * DX_MEMBER + row * k_stride + column;
  for (var r = 0u; r < BLOCK; r++) {
    let y = x[input + r * k_stride];
    dx[o + r * k_stride] = y * (1 - y) * total[r];
  }
}
