// The last dense layer, softmax, cross-entropy and the way back to the layer's linear part.
//
//   y[m, n]  = f(Σ_k x[m, k] w[k, n] + b[n])           x: [M, K], w: [K, N], b: [N]
//   loss[m]  = log Σ_n exp(y[m, n] - h) - (y[m, t[m]] - h),  h = max_n y[m, n]
//   hit[m]   = 1 where the first largest column of y[m] is t[m], else 0
//   dz[m, n] = f'(y[m, n]) (softmax(y[m])[n] - (1 where n = t[m], else 0))      dz: [M, N]
//
// f is one of activation/ whose slope f' is computed from its output. The labels are taken through the order, and so are the rows of x where GATHER is true. One
// thread computes ROWS rows, four as blocks or one; dz holds y until the rows' sums are known.
// The threads of a quad share the loads of w.

import package::dense_loss::row::row_gradient;
import package::lib::activated::activated_block;
import package::lib::block::{BLOCK, CHUNK, blocks, keep_block};
import package::lib::quad::{QUAD, quad_block, quad_lane};
import package::lib::step::Step;

@if(subgroups) enable subgroups;
// The threads of a quad differ in their rows alone, and every loop's length in none.
@if(subgroups) diagnostic(off, subgroup_uniformity);

override K: u32;
override N: u32;
override ACTIVATION: u32;
override GATHER: bool = false;
override X_MEMBER: u32 = 0;
override W_MEMBER: u32 = 0;
override B_MEMBER: u32 = 0;
override DZ_MEMBER: u32 = 0;
override LOSS_MEMBER: u32 = 0;
override HIT_MEMBER: u32 = 0;
override ROWS: u32 = 4;
override WORKGROUP_X: u32 = 8;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;
@group(0) @binding(4) var<storage, read> labels: array<u32>;
@group(0) @binding(5) var<storage, read_write> dz: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> loss: array<f32>;
@group(0) @binding(7) var<storage, read_write> hit: array<f32>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) invocation: u32,
) {
  @if(subgroups) quad_lane = invocation % 4u;
  let row = ROWS * id.x;
  let padded = BLOCK * blocks(step.rows);
  if (!QUAD && row >= padded) {
    return;
  }
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(step.rows - 1));
  let place = step.start + rows;
  let source = vec4u(order[place.x], order[place.y], order[place.z], order[place.w]);
  let stride = blocks(N);
  let o = id.z * DZ_MEMBER + row * stride;
  let i = id.z * X_MEMBER + select(rows, source, GATHER) * blocks(K);
  for (var column = 0u; column < stride; column++) {
    let j = id.z * W_MEMBER + column;
    let bias = b[id.z * B_MEMBER + column];
    if (ROWS == 1u) {
      let y = activated_block(ACTIVATION, mat4x4f(product_row(i.x, j) + bias, vec4f(), vec4f(), vec4f()));
      if (row < padded) {
        dz[o + column] = keep_block(y, row, step.rows, column, N)[0];
      }
    } else {
      let y = activated_block(ACTIVATION, product_block(i, j) + mat4x4f(bias, bias, bias, bias));
      let block = keep_block(y, row, step.rows, column, N);
      if (row < padded) {
        dz[o + column] = block[0];
        dz[o + stride + column] = block[1];
        dz[o + 2 * stride + column] = block[2];
        dz[o + 3 * stride + column] = block[3];
      }
    }
  }
  if (row >= padded) {
    return;
  }
  for (var r = 0u; r < ROWS; r++) {
    let e = BLOCK * id.z;
    let score = row_gradient(o + r * stride, labels[source[r]], row + r < step.rows);
    loss[e * LOSS_MEMBER + row + r] = score.x;
    hit[e * HIT_MEMBER + row + r] = score.y;
  }
}

// Four rows of x, which begin at `i`, times a block column of w, which begins at `j`.
fn product_block(i: vec4u, j: u32) -> mat4x4f {
  var total = mat4x4f();
  for (var first = 0u; first < blocks(K); first += CHUNK) {
    var sum = mat4x4f();
    for (var k = first; k < min(first + CHUNK, blocks(K)); k++) {
      sum += w_block(j, k) * mat4x4f(x[i.x + k], x[i.y + k], x[i.z + k], x[i.w + k]);
    }
    total += sum;
  }
  return total;
}

// One row of it.
fn product_row(i: u32, j: u32) -> vec4f {
  var total = vec4f();
  for (var first = 0u; first < blocks(K); first += CHUNK) {
    var sum = vec4f();
    for (var k = first; k < min(first + CHUNK, blocks(K)); k++) {
      sum += w_block(j, k) * x[i + k];
    }
    total += sum;
  }
  return total;
}

fn w_block(j: u32, k: u32) -> mat4x4f {
  let stride = blocks(N);
  let i = j + BLOCK * k * stride;
  if (QUAD) {
    return quad_block(w[i + quad_lane * stride]);
  }
  return mat4x4f(w[i], w[i + stride], w[i + 2 * stride], w[i + 3 * stride]);
}
