// A whole dense layer, forward.
//
//   y[m, n] = σ(Σ_k x[m, k] w[k, n] + b[n])      x: [M, K], w: [K, N], b: [N], y: [M, N]
//
// σ is the logistic function, or nothing where SIGMOID is false. Where GATHER is true, x is
// the data set and its rows are taken through the order. One thread computes a tile, in order
// of k: `main` loads what it needs, in `staged` the threads of a workgroup load for each other
// through shared memory. Padding becomes zero.

import package::dense_forward::direct::direct_products;
import package::dense_forward::staged::staged_products;
import package::lib::block::{BLOCK, blocks, keep_block};
import package::lib::quad::{QUAD, quad_lane};
import package::lib::sigmoid::sigmoid_block;
import package::lib::step::Step;
import package::lib::tile::{TILE_COLUMNS, TILE_ROWS, Tile, tile_block, tile_row};
import package::lib::workgroup::{WORKGROUP_X, WORKGROUP_Y};

@if(subgroups) enable subgroups;
// A quad's threads differ in column and in what they load; no loop's length depends on it.
@if(subgroups) diagnostic(off, subgroup_uniformity);

override K: u32;
override N: u32;
override SIGMOID: bool = true;
override GATHER: bool = false;
override X_MEMBER: u32 = 0;
override W_MEMBER: u32 = 0;
override B_MEMBER: u32 = 0;
override Y_MEMBER: u32 = 0;

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
  var products = direct_products(id.z, row, column);
  write_tile(id.z, row, column, &products);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn staged(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  var products = staged_products(group, thread, index);
  write_tile(id.z, BLOCK * TILE_ROWS * id.y, TILE_COLUMNS * id.x, &products);
}

fn write_tile(member: u32, row: u32, column: u32, products: ptr<function, Tile>) {
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_block(member, row + BLOCK * tile_row(r), column + c, tile_block(products, r, c));
    }
  }
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
