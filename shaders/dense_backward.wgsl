// A whole dense layer, backward: to its parameters and, but for the first layer, to its input.
//
//   dw[k, n] = Σ_m x[m, k] dz[m, n]                         x: [M, K], dz: [M, N], dw: [K, N]
//   db[n]    = Σ_m dz[m, n]                                 db: [N]
//   dx[m, k] = x[m, k] (1 - x[m, k]) Σ_n dz[m, n] w[k, n]    w: [K, N], dx: [M, K]
//
// x is the output of the layer before, a sigmoid's, so dx is the gradient of that layer's
// linear part. `first` leaves dx out; where GATHER is true, it takes the rows of the data set
// through the order. Gradients are sums over the batch, in order of m. One thread computes
// TILE_ROWS x TILE_COLUMNS blocks, one or two each way, of dw or of dx; those of the first
// block row of dw add up db beside it.
//
// The rows of the batch are cut into SPLIT ranges, each with threads of its own for dw and db,
// which go to a slot of their own; update_all.wgsl adds the slots in order. It learns of SPLIT
// from this layer's entry in the table of splits at the end of the gradients.

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
override SLOTS: u32 = 1;
override SLOT: u32 = 0; // from one slot to the next
override SPLITS: u32 = 0; // where the table of splits begins
override LAYER: u32 = 0;
override TILE_ROWS: u32 = 1;
override TILE_COLUMNS: u32 = 1;
override SPLIT: u32 = 1;
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
  let parts = SPLIT * parameter_tiles();
  if (id.x < parts) {
    parameter_gradients(id.x, id.z);
  } else {
    input_gradient(id.x - parts, id.z);
  }
}

@compute @workgroup_size(WORKGROUP_X)
fn first(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < SPLIT * parameter_tiles()) {
    parameter_gradients(id.x, id.z);
  }
}

// Tiles that cover `count` rows or columns, `size` blocks each.
fn tiles(count: u32, size: u32) -> u32 {
  return (blocks(count) + size - 1) / size;
}

fn parameter_tiles() -> u32 {
  return tiles(K, TILE_ROWS) * tiles(N, TILE_COLUMNS);
}

// One tile of dw over one range of the batch and, for block row 0, its columns of db.
fn parameter_gradients(part: u32, member: u32) {
  let tile = part % parameter_tiles();
  let range = part / parameter_tiles();
  let row = TILE_ROWS * (tile / tiles(N, TILE_COLUMNS));
  let column = TILE_COLUMNS * (tile % tiles(N, TILE_COLUMNS));
  let n_stride = blocks(N);
  // A tile may stick out at the end: its other block is then the last one again.
  let next_row = min(row + 1, blocks(K) - 1) - row;
  let next_column = min(column + 1, n_stride - 1) - column;
  let batch = blocks(step.rows);
  let length = (batch + SPLIT - 1) / SPLIT;
  let begin = min(range * length, batch);
  let end = min(begin + length, batch);
  let i = member * X_MEMBER + row;
  var j = member * DZ_MEMBER + BLOCK * begin * n_stride + column;
  var total00 = mat4x4f();
  var total01 = mat4x4f();
  var total10 = mat4x4f();
  var total11 = mat4x4f();
  var bias_total0 = vec4f();
  var bias_total1 = vec4f();
  for (var chunk = begin; chunk < end; chunk += CHUNK) {
    let chunk_end = min(chunk + CHUNK, end);
    var sum00 = mat4x4f();
    var sum01 = mat4x4f();
    var sum10 = mat4x4f();
    var sum11 = mat4x4f();
    var bias_sum0 = vec4f();
    var bias_sum1 = vec4f();
    for (var m = chunk; m < chunk_end; m++) {
      let rows = i + source_rows(BLOCK * m) * blocks(K);
      let a0 = transpose(x_block(rows));
      let b0 = dz_block(j);
      sum00 += b0 * a0;
      bias_sum0 += (b0[0] + b0[1]) + (b0[2] + b0[3]);
      var b1 = b0;
      if (TILE_COLUMNS == 2u) {
        b1 = dz_block(j + next_column);
        sum01 += b1 * a0;
        bias_sum1 += (b1[0] + b1[1]) + (b1[2] + b1[3]);
      }
      if (TILE_ROWS == 2u) {
        let a1 = transpose(x_block(rows + next_row));
        sum10 += b0 * a1;
        if (TILE_COLUMNS == 2u) {
          sum11 += b1 * a1;
        }
      }
      j += BLOCK * n_stride;
    }
    total00 += sum00;
    total01 += sum01;
    total10 += sum10;
    total11 += sum11;
    bias_total0 += bias_sum0;
    bias_total1 += bias_sum1;
  }
  let g = member * GRADIENT_MEMBER;
  let slot = g + range * SLOT;
  write_weight_gradient(slot, row, column, total00, bias_total0);
  if (TILE_COLUMNS == 2u) {
    write_weight_gradient(slot, row, column + 1, total01, bias_total1);
  }
  if (TILE_ROWS == 2u) {
    write_weight_gradient(slot, row + 1, column, total10, bias_total0);
    if (TILE_COLUMNS == 2u) {
      write_weight_gradient(slot, row + 1, column + 1, total11, bias_total1);
    }
  }
  if (SLOTS > 1u && part == 0u) {
    let ends = vec3u(DW + BLOCK * blocks(K) * n_stride, DB + BLOCK * n_stride, SPLIT);
    gradient[g + SPLITS + LAYER] = vec4f(vec3f(ends), 0);
  }
}

// The rows of x that four rows of the batch from `row` on are. Past the batch dz is zero, and any row serves.
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

fn dz_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return mat4x4f(dz[j], dz[j + stride], dz[j + 2 * stride], dz[j + 3 * stride]);
}

fn w_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return mat4x4f(w[j], w[j + stride], w[j + 2 * stride], w[j + 3 * stride]);
}

fn write_weight_gradient(slot: u32, row: u32, column: u32, block: mat4x4f, bias: vec4f) {
  let stride = blocks(N);
  if (row >= blocks(K) || column >= stride) {
    return;
  }
  let o = slot + DW + BLOCK * row * stride + column;
  gradient[o] = block[0];
  gradient[o + stride] = block[1];
  gradient[o + 2 * stride] = block[2];
  gradient[o + 3 * stride] = block[3];
  if (row == 0u) {
    gradient[slot + DB + column] = bias;
  }
}

// One tile of dx.
fn input_gradient(tile: u32, member: u32) {
  let row = TILE_ROWS * BLOCK * (tile / tiles(K, TILE_COLUMNS));
  let column = TILE_COLUMNS * (tile % tiles(K, TILE_COLUMNS));
  if (row >= step.rows) {
    return;
  }
  let n_stride = blocks(N);
  let next_row = min(row + BLOCK, BLOCK * (blocks(step.rows) - 1)) - row;
  let next_column = min(column + 1, blocks(K) - 1) - column;
  let i = member * DZ_MEMBER + row * n_stride;
  let j = member * W_MEMBER + BLOCK * column * n_stride;
  var total00 = mat4x4f();
  var total01 = mat4x4f();
  var total10 = mat4x4f();
  var total11 = mat4x4f();
  for (var chunk = 0u; chunk < n_stride; chunk += CHUNK) {
    let chunk_end = min(chunk + CHUNK, n_stride);
    var sum00 = mat4x4f();
    var sum01 = mat4x4f();
    var sum10 = mat4x4f();
    var sum11 = mat4x4f();
    for (var n = chunk; n < chunk_end; n++) {
      let a0 = dz_block(i + n);
      let b0 = transpose(w_block(j + n));
      sum00 += b0 * a0;
      var b1 = b0;
      if (TILE_COLUMNS == 2u) {
        b1 = transpose(w_block(j + n + BLOCK * next_column * n_stride));
        sum01 += b1 * a0;
      }
      if (TILE_ROWS == 2u) {
        let a1 = dz_block(i + n + next_row * n_stride);
        sum10 += b0 * a1;
        if (TILE_COLUMNS == 2u) {
          sum11 += b1 * a1;
        }
      }
    }
    total00 += sum00;
    total01 += sum01;
    total10 += sum10;
    total11 += sum11;
  }
  write_input_gradient(row, column, member, total00);
  if (TILE_COLUMNS == 2u) {
    write_input_gradient(row, column + 1, member, total01);
  }
  if (TILE_ROWS == 2u) {
    write_input_gradient(row + BLOCK, column, member, total10);
    if (TILE_COLUMNS == 2u) {
      write_input_gradient(row + BLOCK, column + 1, member, total11);
    }
  }
}

// Ends one block of dx, whose row is `row`. Padding of dz and w is zero, so that of dx becomes zero.
fn write_input_gradient(row: u32, column: u32, member: u32, dy: mat4x4f) {
  let stride = blocks(K);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let input = member * X_MEMBER + row * stride + column;
  let o = member * DX_MEMBER + row * stride + column;
  for (var r = 0u; r < BLOCK; r++) {
    let y = x[input + r * stride];
    dx[o + r * stride] = y * (1 - y) * dy[r];
  }
}
