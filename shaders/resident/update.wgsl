// A layer backward to its parameters: dw, db and the update that they make at once.

import package::lib::biases::{Biases, add_biases, add_columns};
import package::lib::block::{BLOCK, blocks};
import package::lib::moved::{STATES, moved};
import package::lib::left::{Left, left_column, loads_two, own_row};
import package::lib::quad::QUAD;
import package::lib::tile::{Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tile_block, tile_row, tiles_across, tiles_down};
import package::resident::{ACTIVATION_MEMBER, COUNT, LEAF, Layer, PARAMETER_MEMBER, STATE_MEMBER, Step, THREADS, activation, numbers, parameter, run, state};
import package::resident::rows::activation_block;

// dw = xᵀ dz and db, leaf by leaf as the chained kernels add them, and the optimiser's step.
fn update_layer(step: Step, layer: Layer) {
  let count = tiles_down(layer.inputs) * tiles_across(layer.outputs);
  for (var base = 0u; base < count; base += THREADS) {
    update_tile(step, layer, base + step.thread);
  }
}

fn update_tile(step: Step, layer: Layer, tile: u32) {
  let row = TILE_ROWS * (tile / tiles_across(layer.outputs));
  let column = TILE_COLUMNS * (tile % tiles_across(layer.outputs));
  if (!QUAD && row >= blocks(layer.inputs)) {
    return;
  }
  let stride = blocks(layer.outputs);
  let own_column = min(column, stride - 1);
  let next_column = min(own_column + 1, stride - 1) - own_column;
  let i = step.member * ACTIVATION_MEMBER + layer.x;
  var j = step.member * ACTIVATION_MEMBER + layer.dz + own_column;
  var total = Tile();
  var biases = Biases();
  for (var leaf = 0u; leaf < blocks(step.rows); leaf += LEAF) {
    let end = min(leaf + LEAF, blocks(step.rows));
    var sum = Tile();
    var bias_sums = Biases();
    for (var m = leaf; m < end; m++) {
      var right: Right;
      right.m0 = dz_block(j, stride);
      if (TILE_COLUMNS == 2u) {
        right.m1 = dz_block(j + next_column, stride);
      }
      add_columns(&bias_sums, right);
      let rows = i + (BLOCK * m + vec4u(0, 1, 2, 3)) * blocks(layer.inputs);
      add_products(&sum, transposed_blocks(rows, row, blocks(layer.inputs) - 1), right);
      j += BLOCK * stride;
    }
    add_tile(&total, sum);
    add_biases(&biases, bias_sums);
  }
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      let bias = select(biases.b1, biases.b0, c == 0u);
      update_block(step, layer, row + tile_row(r), column + c, tile_block(&total, r, c), bias);
    }
  }
}

// Blocks of xᵀ beneath each other from block row `k` on, of which `last` is the last.
fn transposed_blocks(rows: vec4u, k: u32, last: u32) -> Left {
  var second: mat4x4f;
  if (loads_two()) {
    second = transpose(activation_block(rows + min(k + own_row(1), last)));
  }
  return left_column(transpose(activation_block(rows + min(k + own_row(0), last))), second);
}

fn dz_block(j: u32, stride: u32) -> mat4x4f {
  return mat4x4f(activation[j], activation[j + stride], activation[j + 2 * stride], activation[j + 3 * stride]);
}

fn update_block(step: Step, layer: Layer, row: u32, column: u32, dw: mat4x4f, db: vec4f) {
  let stride = blocks(layer.outputs);
  if (row >= blocks(layer.inputs) || column >= stride) {
    return;
  }
  let place = layer.w + BLOCK * row * stride + column;
  update(step, place, dw[0], true);
  update(step, place + stride, dw[1], true);
  update(step, place + 2 * stride, dw[2], true);
  update(step, place + 3 * stride, dw[3], true);
  if (row == 0u) {
    update(step, layer.b + column, db, false);
  }
}

fn update(step: Step, place: u32, gradient: vec4f, decays: bool) {
  let p = step.member * PARAMETER_MEMBER + place;
  let s = step.member * STATE_MEMBER + place;
  var second: vec4f;
  if (STATES > 1u) {
    second = state[s + COUNT];
  }
  let next = moved(numbers[step.numbers], parameter[p], gradient, decays, f32(step.rows), state[s], second);
  parameter[p] = next.parameter;
  state[s] = next.first;
  if (STATES > 1u) {
    state[s + COUNT] = next.second;
  }
  if (step.last) {
    activation[step.member * ACTIVATION_MEMBER + run.gradient + place] = gradient;
  }
}
