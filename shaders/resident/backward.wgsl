// A layer backward: dx; or dw, db and the update of its parameters.

import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::optimiser::moved;
import package::lib::quad::{QUAD, quad_lane};
import package::lib::sigmoid::through_sigmoid;
import package::lib::tile::{Left, Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tile_block, tiles_across, tiles_down};
import package::resident::{ACTIVATION_MEMBER, LEAF, Layer, PARAMETER_MEMBER, Step, THREADS, VELOCITY_MEMBER, activation, optimiser, parameter, run, velocity};
import package::resident::rows::{activation_block, left_blocks, left_rows};

// dx = x (1 - x) (dz wᵀ), where x is the output of the layer before; goes to that layer's dz.
fn input_gradient(step: Step, layer: Layer, before: Layer) {
  let count = tiles_down(step.rows) * tiles_across(layer.inputs);
  for (var base = 0u; base < count; base += THREADS) {
    input_tile(step, layer, before, base + step.thread);
  }
}

fn input_tile(step: Step, layer: Layer, before: Layer, tile: u32) {
  let row = TILE_ROWS * BLOCK * (tile / tiles_across(layer.inputs));
  let column = TILE_COLUMNS * (tile % tiles_across(layer.inputs));
  if (!QUAD && row >= step.rows) {
    return;
  }
  let stride = blocks(layer.outputs);
  let own_column = min(column, blocks(layer.inputs) - 1);
  let next_column = min(own_column + 1, blocks(layer.inputs) - 1) - own_column;
  let rows = left_rows(step.member * ACTIVATION_MEMBER + layer.dz, row, step.rows, stride);
  let j = step.member * PARAMETER_MEMBER + layer.w + BLOCK * own_column * stride;
  var total = Tile();
  for (var first = 0u; first < stride; first += CHUNK) {
    let end = min(first + CHUNK, stride);
    var sum = Tile();
    for (var n = first; n < end; n++) {
      var right: Right;
      right.m0 = transposed_weights(j + n, stride);
      if (TILE_COLUMNS == 2u) {
        right.m1 = transposed_weights(j + n + BLOCK * next_column * stride, stride);
      }
      add_products(&sum, left_blocks(rows, n), right);
    }
    add_tile(&total, sum);
  }
  let place = InputPlace(layer.x, before.dz, blocks(layer.inputs));
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_input_block(step, place, row + BLOCK * r, column + c, tile_block(&total, r, c));
    }
  }
}

fn transposed_weights(j: u32, stride: u32) -> mat4x4f {
  return transpose(mat4x4f(parameter[j], parameter[j + stride], parameter[j + 2 * stride], parameter[j + 3 * stride]));
}

// Where the layer's input x and its gradient dx lie, and the distance between their rows.
struct InputPlace {
  x: u32,
  dx: u32,
  stride: u32,
}

fn write_input_block(step: Step, place: InputPlace, row: u32, column: u32, dy: mat4x4f) {
  let stride = place.stride;
  if (row >= step.rows || column >= stride) {
    return;
  }
  let at = step.member * ACTIVATION_MEMBER + row * stride + column;
  let x = at + place.x;
  let dx = at + place.dx;
  // Written out: an index into a matrix that changes in a loop would send it through memory.
  activation[dx] = through_sigmoid(dy[0], activation[x]);
  activation[dx + stride] = through_sigmoid(dy[1], activation[x + stride]);
  activation[dx + 2 * stride] = through_sigmoid(dy[2], activation[x + 2 * stride]);
  activation[dx + 3 * stride] = through_sigmoid(dy[3], activation[x + 3 * stride]);
}

// dw = xᵀ dz and db, leaf by leaf as the chained kernels add them, and the momentum update.
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
  var bias_total0 = vec4f();
  var bias_total1 = vec4f();
  for (var leaf = 0u; leaf < blocks(step.rows); leaf += LEAF) {
    let end = min(leaf + LEAF, blocks(step.rows));
    var sum = Tile();
    var bias_sum0 = vec4f();
    var bias_sum1 = vec4f();
    for (var m = leaf; m < end; m++) {
      var right: Right;
      right.m0 = dz_block(j, stride);
      bias_sum0 += column_sums(right.m0);
      if (TILE_COLUMNS == 2u) {
        right.m1 = dz_block(j + next_column, stride);
        bias_sum1 += column_sums(right.m1);
      }
      let lanes = select(vec4u(0, 1, 2, 3), vec4u(quad_lane), QUAD);
      let rows = i + (BLOCK * m + lanes) * blocks(layer.inputs);
      add_products(&sum, transposed_blocks(rows, row, blocks(layer.inputs) - 1), right);
      j += BLOCK * stride;
    }
    add_tile(&total, sum);
    bias_total0 += bias_sum0;
    bias_total1 += bias_sum1;
  }
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      let bias = select(bias_total1, bias_total0, c == 0u);
      update_block(step, layer, row + r, column + c, tile_block(&total, r, c), bias);
    }
  }
}

fn transposed_blocks(rows: vec4u, k: u32, last: u32) -> Left {
  var left: Left;
  left.m0 = transpose(activation_block(rows + min(k, last)));
  if (TILE_ROWS >= 2u) {
    left.m1 = transpose(activation_block(rows + min(k + 1, last)));
  }
  if (TILE_ROWS >= 4u) {
    left.m2 = transpose(activation_block(rows + min(k + 2, last)));
    left.m3 = transpose(activation_block(rows + min(k + 3, last)));
  }
  return left;
}

fn dz_block(j: u32, stride: u32) -> mat4x4f {
  return mat4x4f(activation[j], activation[j + stride], activation[j + 2 * stride], activation[j + 3 * stride]);
}

fn column_sums(block: mat4x4f) -> vec4f {
  return (block[0] + block[1]) + (block[2] + block[3]);
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
  let v = step.member * VELOCITY_MEMBER + place;
  let next = moved(optimiser[step.member], parameter[p], velocity[v], gradient, decays, f32(step.rows));
  velocity[v] = next;
  parameter[p] += next;
  if (step.last) {
    activation[step.member * ACTIVATION_MEMBER + run.gradient + place] = gradient;
  }
}
