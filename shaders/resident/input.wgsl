// A layer backward to its input: dx, which is the layer before's dz.

import package::lib::activated::through;
import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::quad::QUAD;
import package::lib::tile::{Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tile_block, tile_row, tiles_across, tiles_down};
import package::resident::{ACTIVATION_MEMBER, Layer, PARAMETER_MEMBER, Step, THREADS, activation, activation_of, parameter};
import package::resident::rows::{left_blocks, left_rows};

// dx = f'(saved) (dz wᵀ), where f is the activation of the layer before; goes to that layer's dz.
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
  let place = InputPlace(before.saved, before.dz, blocks(layer.inputs), activation_of(before));
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_input_block(step, place, row + BLOCK * tile_row(r), column + c, tile_block(&total, r, c));
    }
  }
}

fn transposed_weights(j: u32, stride: u32) -> mat4x4f {
  return transpose(mat4x4f(parameter[j], parameter[j + stride], parameter[j + 2 * stride], parameter[j + 3 * stride]));
}

// Where what the layer before saved and the gradient dx lie, the distance between their rows, and that layer's activation.
struct InputPlace {
  saved: u32,
  dx: u32,
  stride: u32,
  activation: u32,
}

fn write_input_block(step: Step, place: InputPlace, row: u32, column: u32, dy: mat4x4f) {
  let stride = place.stride;
  if (row >= step.rows || column >= stride) {
    return;
  }
  let at = step.member * ACTIVATION_MEMBER + row * stride + column;
  let saved = at + place.saved;
  let dx = at + place.dx;
  // Written out: an index into a matrix that changes in a loop would send it through memory.
  activation[dx] = through(place.activation, dy[0], activation[saved]);
  activation[dx + stride] = through(place.activation, dy[1], activation[saved + stride]);
  activation[dx + 2 * stride] = through(place.activation, dy[2], activation[saved + 2 * stride]);
  activation[dx + 3 * stride] = through(place.activation, dy[3], activation[saved + 3 * stride]);
}
