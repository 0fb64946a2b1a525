// A whole dense layer, forward.
//
//   y[m, n] = σ(Σ_k x[m, k] w[k, n] + b[n])      x: [M, K], w: [K, N], b: [N], y: [M, N]
//
// σ is the logistic function, or nothing where SIGMOID is false. Where GATHER is true, x is
// the data set and its rows are taken through the order. One thread computes a tile, in order
// of k. Padding becomes zero.

import package::lib::block::{BLOCK, CHUNK, blocks, keep_block};
import package::lib::quad::{QUAD, own_rows, quad_block, quad_lane};
import package::lib::sigmoid::sigmoid_block;
import package::lib::step::Step;
import package::lib::tile::{Left, Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tile_block};

@if(subgroups) enable subgroups;
// The threads of a quad differ in their column alone, and every loop's length in none.
@if(subgroups) diagnostic(off, subgroup_uniformity);

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
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) invocation: u32,
) {
  @if(subgroups) quad_lane = invocation % 4u;
  let column = TILE_COLUMNS * id.x;
  let row = BLOCK * TILE_ROWS * id.y;
  // A quad stays together; outside, it computes what nobody writes.
  if (!QUAD && (column >= blocks(N) || row >= step.rows)) {
    return;
  }
  let x_stride = blocks(K);
  let w_stride = blocks(N);
  let i = id.z * X_MEMBER;
  let rows = left_rows(i, row);
  let own_column = min(column, w_stride - 1);
  var j = id.z * W_MEMBER + own_column;
  let next_column = min(own_column + 1, w_stride - 1) - own_column;
  var total = Tile();
  for (var first = 0u; first < x_stride; first += CHUNK) {
    let end = min(first + CHUNK, x_stride);
    var sum = Tile();
    for (var k = first; k < end; k++) {
      add_products(&sum, left_blocks(rows, k), right_blocks(j, next_column));
      j += BLOCK * w_stride;
    }
    add_tile(&total, sum);
  }
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_block(id.z, row + BLOCK * r, column + c, tile_block(&total, r, c));
    }
  }
}

// Where the rows of x begin that the rows of a tile need, four a block.
struct LeftRows {
  r0: vec4u, r1: vec4u, r2: vec4u, r3: vec4u, r4: vec4u, r5: vec4u, r6: vec4u, r7: vec4u,
}

fn left_rows(i: u32, row: u32) -> LeftRows {
  var rows: LeftRows;
  rows.r0 = source_rows(i, row);
  if (TILE_ROWS >= 2u) {
    rows.r1 = source_rows(i, row + BLOCK);
  }
  if (TILE_ROWS >= 4u) {
    rows.r2 = source_rows(i, row + 2 * BLOCK);
    rows.r3 = source_rows(i, row + 3 * BLOCK);
  }
  if (TILE_ROWS == 8u) {
    rows.r4 = source_rows(i, row + 4 * BLOCK);
    rows.r5 = source_rows(i, row + 5 * BLOCK);
    rows.r6 = source_rows(i, row + 6 * BLOCK);
    rows.r7 = source_rows(i, row + 7 * BLOCK);
  }
  return rows;
}

// Where four rows of the batch from `row` on begin in x. A tile may stick out at the end: there
// it computes the last rows again.
fn source_rows(i: u32, row: u32) -> vec4u {
  let last = BLOCK * (blocks(step.rows) - 1);
  var rows = min(row, last) + vec4u(0, 1, 2, 3);
  if (GATHER) {
    let place = step.start + min(rows, vec4u(step.rows - 1));
    rows = vec4u(order[place.x], order[place.y], order[place.z], order[place.w]);
  }
  return own_rows(i + rows * blocks(K));
}

fn left_blocks(rows: LeftRows, k: u32) -> Left {
  var left: Left;
  left.m0 = x_block(rows.r0 + k);
  if (TILE_ROWS >= 2u) {
    left.m1 = x_block(rows.r1 + k);
  }
  if (TILE_ROWS >= 4u) {
    left.m2 = x_block(rows.r2 + k);
    left.m3 = x_block(rows.r3 + k);
  }
  if (TILE_ROWS == 8u) {
    left.m4 = x_block(rows.r4 + k);
    left.m5 = x_block(rows.r5 + k);
    left.m6 = x_block(rows.r6 + k);
    left.m7 = x_block(rows.r7 + k);
  }
  return left;
}

fn x_block(i: vec4u) -> mat4x4f {
  if (QUAD) {
    return quad_block(x[i.x]);
  }
  return mat4x4f(x[i.x], x[i.y], x[i.z], x[i.w]);
}

fn right_blocks(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = w_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = w_block(j + next_column);
  }
  return right;
}

fn w_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return mat4x4f(w[j], w[j + stride], w[j + 2 * stride], w[j + 3 * stride]);
}

// Ends a block of y whose products are summed, where it lies in y.
fn write_block(member: u32, row: u32, column: u32, products: mat4x4f) {
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
