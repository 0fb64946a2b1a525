// The batch, and the layers before the last one, forward.

import package::lib::activated::activated_block;
import package::lib::block::{BLOCK, CHUNK, blocks, keep_block};
import package::lib::quad::QUAD;
import package::lib::tile::{Right, TILE_COLUMNS, TILE_ROWS, Tile, add_products, add_tile, tile_block, tile_row, tiles_across, tiles_down};
import package::resident::{ACTIVATION_MEMBER, Layer, PARAMETER_MEMBER, Step, THREADS, activation, activation_of, features, order, parameter};
import package::resident::rows::{left_blocks, left_rows};

// Copies the rows of the batch to where the first layer finds its input.
fn load_batch(step: Step, layer: Layer) {
  let stride = blocks(layer.inputs);
  let o = step.member * ACTIVATION_MEMBER + layer.x;
  for (var i = step.thread; i < BLOCK * blocks(step.rows) * stride; i += THREADS) {
    let row = i / stride;
    let source = order[step.start + min(row, step.rows - 1)];
    activation[o + i] = select(vec4f(), features[source * stride + i % stride], row < step.rows);
  }
}

// y = f(x w + b)
fn forward_layer(step: Step, layer: Layer) {
  let count = tiles_down(step.rows) * tiles_across(layer.outputs);
  for (var base = 0u; base < count; base += THREADS) {
    forward_tile(step, layer, base + step.thread);
  }
}

fn forward_tile(step: Step, layer: Layer, tile: u32) {
  let row = TILE_ROWS * BLOCK * (tile / tiles_across(layer.outputs));
  let column = TILE_COLUMNS * (tile % tiles_across(layer.outputs));
  // A quad stays together; outside, it computes what nobody writes.
  if (!QUAD && row >= step.rows) {
    return;
  }
  let stride = blocks(layer.outputs);
  let own_column = min(column, stride - 1);
  let next_column = min(own_column + 1, stride - 1) - own_column;
  let rows = left_rows(step.member * ACTIVATION_MEMBER + layer.x, row, step.rows, blocks(layer.inputs));
  var j = step.member * PARAMETER_MEMBER + layer.w + own_column;
  var total = Tile();
  for (var first = 0u; first < blocks(layer.inputs); first += CHUNK) {
    let end = min(first + CHUNK, blocks(layer.inputs));
    var sum = Tile();
    for (var k = first; k < end; k++) {
      var right: Right;
      right.m0 = w_block(j, stride);
      if (TILE_COLUMNS == 2u) {
        right.m1 = w_block(j + next_column, stride);
      }
      add_products(&sum, left_blocks(rows, k), right);
      j += BLOCK * stride;
    }
    add_tile(&total, sum);
  }
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_block(step, layer, row + BLOCK * tile_row(r), column + c, tile_block(&total, r, c));
    }
  }
}

fn w_block(j: u32, stride: u32) -> mat4x4f {
  return mat4x4f(parameter[j], parameter[j + stride], parameter[j + 2 * stride], parameter[j + 3 * stride]);
}

fn write_block(step: Step, layer: Layer, row: u32, column: u32, products: mat4x4f) {
  let stride = blocks(layer.outputs);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let bias = parameter[step.member * PARAMETER_MEMBER + layer.b + column];
  let z = products + mat4x4f(bias, bias, bias, bias);
  let at = step.member * ACTIVATION_MEMBER + row * stride + column;
  if (layer.keeps != 0u) {
    store_block(at + layer.saved, stride, keep_block(z, row, step.rows, column, layer.outputs));
  }
  let y = activated_block(activation_of(layer), z);
  store_block(at + layer.y, stride, keep_block(y, row, step.rows, column, layer.outputs));
}

fn store_block(o: u32, stride: u32, block: mat4x4f) {
  activation[o] = block[0];
  activation[o + stride] = block[1];
  activation[o + 2 * stride] = block[2];
  activation[o + 3 * stride] = block[3];
}
