// The last dense layer, softmax, cross-entropy and the way back to the layer's linear part.
//
//   y[m, n]  = σ(Σ_k x[m, k] w[k, n] + b[n])           x: [M, K], w: [K, N], b: [N]
//   loss[m]  = log Σ_n exp(y[m, n] - h) - (y[m, t[m]] - h),  h = max_n y[m, n]
//   hit[m]   = 1 where the first largest column of y[m] is t[m], else 0
//   dz[m, n] = σ'(y[m, n]) (softmax(y[m])[n] - (1 where n = t[m], else 0))      dz: [M, N]
//
// σ is the logistic function, σ' = y (1 - y); or nothing and 1 where SIGMOID is false. The
// labels are taken through the order, and so are the rows of x where GATHER is true. One
// thread computes four rows; dz holds y until the rows' sums are known.

import package::lib::block::{BLOCK, CHUNK, blocks, keep_block, keep_columns};
import package::lib::row::{row_maximum, sum_of_columns};
import package::lib::sigmoid::sigmoid_block;
import package::lib::step::Step;

override K: u32;
override N: u32;
override SIGMOID: bool = true;
override GATHER: bool = false;
override X_MEMBER: u32 = 0;
override W_MEMBER: u32 = 0;
override B_MEMBER: u32 = 0;
override DZ_MEMBER: u32 = 0;
override LOSS_MEMBER: u32 = 0;
override HIT_MEMBER: u32 = 0;
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
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = BLOCK * id.x;
  if (row >= step.rows) {
    return;
  }
  let place = step.start + min(row + vec4u(0, 1, 2, 3), vec4u(step.rows - 1));
  let source = vec4u(order[place.x], order[place.y], order[place.z], order[place.w]);
  let stride = blocks(N);
  let o = id.z * DZ_MEMBER + row * stride;
  let rows = select(row + vec4u(0, 1, 2, 3), source, GATHER);
  for (var column = 0u; column < stride; column++) {
    let block = layer_block(rows, column, id.z);
    let y = keep_block(block, row, step.rows, column, N);
    for (var r = 0u; r < BLOCK; r++) {
      dz[o + r * stride + column] = y[r];
    }
  }
  for (var r = 0u; r < BLOCK; r++) {
    let i = BLOCK * id.z;
    let score = row_gradient(o + r * stride, labels[source[r]], row + r < step.rows);
    loss[i * LOSS_MEMBER + row + r] = score.x;
    hit[i * HIT_MEMBER + row + r] = score.y;
  }
}

// The block of y in these four rows of x and this block column.
fn layer_block(rows: vec4u, column: u32, member: u32) -> mat4x4f {
  let x_stride = blocks(K);
  let w_stride = blocks(N);
  let i = member * X_MEMBER + rows * x_stride;
  var j = member * W_MEMBER + column;
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
  let bias = b[member * B_MEMBER + column];
  total += mat4x4f(bias, bias, bias, bias);
  if (SIGMOID) {
    total = sigmoid_block(total);
  }
  return total;
}

// Turns the row of y at `o` into its dz; returns its loss and hit, zero for a row past the batch.
fn row_gradient(o: u32, label: u32, inside: bool) -> vec2f {
  if (!inside) {
    return vec2f();
  }
  let stride = blocks(N);
  var highest = dz[o].x;
  for (var n = 0u; n < stride; n++) {
    highest = row_maximum(highest, dz[o + n], n, N);
  }
  var sum = 0f;
  var first = N;
  for (var n = 0u; n < stride; n++) {
    let y = dz[o + n];
    sum += sum_of_columns(keep_columns(exp(y - highest), n, N));
    for (var c = 0u; c < BLOCK; c++) {
      if (y[c] == highest) {
        first = min(first, BLOCK * n + c);
      }
    }
  }
  let at_label = dz[o + label / BLOCK][label % BLOCK];
  for (var n = 0u; n < stride; n++) {
    let y = dz[o + n];
    let one_hot = vec4f(BLOCK * n + vec4u(0, 1, 2, 3) == vec4u(label));
    var gradient = exp(y - highest) / sum - one_hot;
    if (SIGMOID) {
      gradient *= y * (1 - y);
    }
    dz[o + n] = keep_columns(gradient, n, N);
  }
  return vec2f(log(sum) - (at_label - highest), f32(first == label));
}
