// A whole dense layer, forward.
//
//   z[m, n] = Σ_k x[m, k] w[k, n] + b[n]      x: [M, K], w: [K, N], b: [N], z: [M, N]
//   y[m, n] = f(z[m, n])                      f: one of activation/, y: [M, N]
//
// Where GATHER is true, x is the data set and its rows are taken through the order. One thread
// computes a tile, in order of k: `main` loads what it needs, in `staged` the threads of a
// workgroup load for each other through shared memory; `saving` and `staged_saving` keep z
// beside y. Padding becomes zero.

import package::dense_forward::direct::direct_products;
import package::dense_forward::staged::staged_products;
import package::lib::activated::activated_block;
import package::lib::block::{BLOCK, blocks, keep_block};
import package::lib::quad::{QUAD, quad_lane};
import package::lib::step::Step;
import package::lib::tile::{TILE_COLUMNS, TILE_ROWS, Tile, tile_block, tile_row};
import package::lib::workgroup::{WORKGROUP_X, WORKGROUP_Y};

@if(subgroups) enable subgroups;
// A quad's threads differ in column and in what they load; no loop's length depends on it.
@if(subgroups) diagnostic(off, subgroup_uniformity);

override K: u32;
override N: u32;
override ACTIVATION: u32;
override GATHER: bool = false;
override X_MEMBER: u32 = 0;
override W_MEMBER: u32 = 0;
override B_MEMBER: u32 = 0;
override Y_MEMBER: u32 = 0;
override Z_MEMBER: u32 = 0;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> z: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) invocation: u32,
) {
  @if(subgroups) quad_lane = invocation % 4u;
  // A quad stays together; outside, it computes what nobody writes.
  if (!QUAD && outside(id)) {
    return;
  }
  var products = direct_products(id.z, first_row(id), first_column(id));
  write_tile(id, &products);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn saving(
  @builtin(global_invocation_id) id: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) invocation: u32,
) {
  @if(subgroups) quad_lane = invocation % 4u;
  if (!QUAD && outside(id)) {
    return;
  }
  var products = direct_products(id.z, first_row(id), first_column(id));
  save_tile(id, &products);
  write_tile(id, &products);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn staged(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  var products = staged_products(group, thread, index);
  write_tile(id, &products);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn staged_saving(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  var products = staged_products(group, thread, index);
  save_tile(id, &products);
  write_tile(id, &products);
}

// Where the tile of a thread begins: its row of y, and its block column.
fn first_row(id: vec3u) -> u32 {
  return BLOCK * TILE_ROWS * id.y;
}

fn first_column(id: vec3u) -> u32 {
  return TILE_COLUMNS * id.x;
}

fn outside(id: vec3u) -> bool {
  return first_column(id) >= blocks(N) || first_row(id) >= step.rows;
}

// Ends a tile of y whose products are summed.
fn write_tile(id: vec3u, products: ptr<function, Tile>) {
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_block(id.z, first_row(id) + BLOCK * tile_row(r), first_column(id) + c, tile_block(products, r, c));
    }
  }
}

fn write_block(member: u32, row: u32, column: u32, products: mat4x4f) {
  let stride = blocks(N);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let block = keep_block(activated_block(ACTIVATION, biased(member, column, products)), row, step.rows, column, N);
  let o = member * Y_MEMBER + row * stride + column;
  y[o] = block[0];
  y[o + stride] = block[1];
  y[o + 2 * stride] = block[2];
  y[o + 3 * stride] = block[3];
}

// Keeps what the activation is applied to.
fn save_tile(id: vec3u, products: ptr<function, Tile>) {
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      save_block(id.z, first_row(id) + BLOCK * tile_row(r), first_column(id) + c, tile_block(products, r, c));
    }
  }
}

fn save_block(member: u32, row: u32, column: u32, products: mat4x4f) {
  let stride = blocks(N);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let block = keep_block(biased(member, column, products), row, step.rows, column, N);
  let o = member * Z_MEMBER + row * stride + column;
  z[o] = block[0];
  z[o + stride] = block[1];
  z[o + 2 * stride] = block[2];
  z[o + 3 * stride] = block[3];
}

fn biased(member: u32, column: u32, products: mat4x4f) -> mat4x4f {
  let bias = b[member * B_MEMBER + column];
  return products + mat4x4f(bias, bias, bias, bias);
}
