// A whole dense layer, forward.
//
//   y[m, n] = σ(Σ_k x[m, k] w[k, n] + b[n])      x: [M, K], w: [K, N], b: [N], y: [M, N]
//
// σ is the logistic function, or nothing where SIGMOID is false. Where GATHER is true, x is
// the data set and its rows are taken through the order. One thread computes a tile of
// TILE_ROWS x TILE_COLUMNS blocks, in order of k: one, two or four rows of one or two blocks.
// Padding becomes zero.

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
override TILE_ROWS: u32 = 1;
override TILE_COLUMNS: u32 = 1;
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
  let column = TILE_COLUMNS * id.x;
  let row = BLOCK * TILE_ROWS * id.y;
  if (column >= blocks(N) || row >= step.rows) {
    return;
  }
  let x_stride = blocks(K);
  let w_stride = blocks(N);
  // A tile may stick out at the end: there it computes the last block again, and does not write it.
  let last_row = BLOCK * (blocks(step.rows) - 1);
  let next_column = min(column + 1, w_stride - 1) - column;
  let i = id.z * X_MEMBER;
  let i0 = i + source_rows(row) * x_stride;
  let i1 = i + source_rows(min(row + BLOCK, last_row)) * x_stride;
  let i2 = i + source_rows(min(row + 2 * BLOCK, last_row)) * x_stride;
  let i3 = i + source_rows(min(row + 3 * BLOCK, last_row)) * x_stride;
  var j = id.z * W_MEMBER + column;
  // Named by block row and block column: an array indexed in a loop would not stay in registers.
  var total00 = mat4x4f();
  var total01 = mat4x4f();
  var total10 = mat4x4f();
  var total11 = mat4x4f();
  var total20 = mat4x4f();
  var total21 = mat4x4f();
  var total30 = mat4x4f();
  var total31 = mat4x4f();
  for (var first = 0u; first < x_stride; first += CHUNK) {
    let end = min(first + CHUNK, x_stride);
    var sum00 = mat4x4f();
    var sum01 = mat4x4f();
    var sum10 = mat4x4f();
    var sum11 = mat4x4f();
    var sum20 = mat4x4f();
    var sum21 = mat4x4f();
    var sum30 = mat4x4f();
    var sum31 = mat4x4f();
    for (var k = first; k < end; k++) {
      let w0 = w_block(j);
      var w1 = w0;
      if (TILE_COLUMNS == 2u) {
        w1 = w_block(j + next_column);
      }
      let x0 = x_block(i0 + k);
      sum00 += w0 * x0;
      if (TILE_COLUMNS == 2u) {
        sum01 += w1 * x0;
      }
      if (TILE_ROWS >= 2u) {
        let x1 = x_block(i1 + k);
        sum10 += w0 * x1;
        if (TILE_COLUMNS == 2u) {
          sum11 += w1 * x1;
        }
      }
      if (TILE_ROWS == 4u) {
        let x2 = x_block(i2 + k);
        let x3 = x_block(i3 + k);
        sum20 += w0 * x2;
        sum30 += w0 * x3;
        if (TILE_COLUMNS == 2u) {
          sum21 += w1 * x2;
          sum31 += w1 * x3;
        }
      }
      j += BLOCK * w_stride;
    }
    total00 += sum00;
    total01 += sum01;
    total10 += sum10;
    total11 += sum11;
    total20 += sum20;
    total21 += sum21;
    total30 += sum30;
    total31 += sum31;
  }
  write_pair(row, column, id.z, total00, total01);
  if (TILE_ROWS >= 2u) {
    write_pair(row + BLOCK, column, id.z, total10, total11);
  }
  if (TILE_ROWS == 4u) {
    write_pair(row + 2 * BLOCK, column, id.z, total20, total21);
    write_pair(row + 3 * BLOCK, column, id.z, total30, total31);
  }
}

// Writes one block of y, or two beside each other.
fn write_pair(row: u32, column: u32, member: u32, products0: mat4x4f, products1: mat4x4f) {
  write_block(row, column, member, products0);
  if (TILE_COLUMNS == 2u) {
    write_block(row, column + 1, member, products1);
  }
}

// The rows of x that four rows of the batch from `row` on are.
fn source_rows(row: u32) -> vec4u {
  let rows = row + vec4u(0, 1, 2, 3);
  if (!GATHER) {
    return rows;
  }
  let place = step.start + min(rows, vec4u(step.rows - 1));
  return vec4u(order[place.x], order[place.y], order[place.z], order[place.w]);
}

fn x_block(i: vec4u) -> mat4x4f {
  return mat4x4f(x[i.x], x[i.y], x[i.z], x[i.w]);
}

fn w_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return mat4x4f(w[j], w[j + stride], w[j + 2 * stride], w[j + 3 * stride]);
}

// Ends a block of y whose products are summed, where it lies in y.
fn write_block(row: u32, column: u32, member: u32, products: mat4x4f) {
  let stride = blocks(N);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let bias = b[member * B_MEMBER + column];
  var block = products + mat4x4f(bias, bias, bias, bias);
  if (SIGMOID) {
    block = sigmoid_block(block);
  }
  block = keep_block(block, row, step.rows, column, N);
  let o = member * Y_MEMBER + row * stride + column;
  y[o] = block[0];
  y[o + stride] = block[1];
  y[o + 2 * stride] = block[2];
  y[o + 3 * stride] = block[3];
}
