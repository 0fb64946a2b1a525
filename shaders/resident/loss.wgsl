// The last layer as far as dz, and the batch's score.

import package::lib::activated::{activated_block, through};
import package::lib::block::{BLOCK, CHUNK, blocks, keep_block, keep_columns};
import package::lib::quad::{QUAD, quad_block, quad_lane};
import package::lib::row::{first_of, row_maximum, softmax_gradient, sum_of_columns};
import package::resident::{ACTIVATION_MEMBER, Layer, OUTPUT_ACTIVATION, PARAMETER_MEMBER, SCORE_MEMBER, Step, THREADS, activation, labels, order, parameter, run, score};

// dz, loss and hit of every row, four rows a thread.
fn loss_layer(step: Step, layer: Layer) {
  for (var base = 0u; base < blocks(step.rows); base += THREADS) {
    loss_rows(step, layer, base + step.thread);
  }
}

fn loss_rows(step: Step, layer: Layer, block_row: u32) {
  if (!QUAD && block_row >= blocks(step.rows)) {
    return;
  }
  let row = BLOCK * min(block_row, blocks(step.rows) - 1);
  let stride = blocks(layer.outputs);
  let i = step.member * ACTIVATION_MEMBER + layer.x + row * blocks(layer.inputs);
  let o = step.member * ACTIVATION_MEMBER + layer.dz + row * stride;
  for (var column = 0u; column < stride; column++) {
    let products = product_block(i, step.member * PARAMETER_MEMBER + layer.w + column, layer);
    let bias = parameter[step.member * PARAMETER_MEMBER + layer.b + column];
    let y = activated_block(OUTPUT_ACTIVATION, products + mat4x4f(bias, bias, bias, bias));
    let block = keep_block(y, row, step.rows, column, layer.outputs);
    if (block_row < blocks(step.rows)) {
      activation[o + column] = block[0];
      activation[o + stride + column] = block[1];
      activation[o + 2 * stride + column] = block[2];
      activation[o + 3 * stride + column] = block[3];
    }
  }
  if (block_row >= blocks(step.rows)) {
    return;
  }
  var loss = vec4f();
  var hit = vec4f();
  for (var r = 0u; r < BLOCK && row + r < step.rows; r++) {
    let label = labels[order[step.start + row + r]];
    let row_score = row_gradient(o + r * stride, label, layer.outputs);
    loss[r] = row_score.x;
    hit[r] = row_score.y;
  }
  let e = step.member * ACTIVATION_MEMBER + block_row;
  activation[e + run.loss] = loss;
  activation[e + run.hit] = hit;
}

// Four rows of the layer's input, which begin at `i`, times a block column of w, which begins at `j`.
fn product_block(i: u32, j: u32, layer: Layer) -> mat4x4f {
  let x_stride = blocks(layer.inputs);
  var total = mat4x4f();
  for (var first = 0u; first < x_stride; first += CHUNK) {
    var sum = mat4x4f();
    for (var k = first; k < min(first + CHUNK, x_stride); k++) {
      let at = i + k;
      let x = mat4x4f(activation[at], activation[at + x_stride], activation[at + 2 * x_stride], activation[at + 3 * x_stride]);
      sum += w_block(j + BLOCK * k * blocks(layer.outputs), blocks(layer.outputs)) * x;
    }
    total += sum;
  }
  return total;
}

fn w_block(j: u32, stride: u32) -> mat4x4f {
  if (QUAD) {
    return quad_block(parameter[j + quad_lane * stride]);
  }
  return mat4x4f(parameter[j], parameter[j + stride], parameter[j + 2 * stride], parameter[j + 3 * stride]);
}

// Turns the row of y at `o` into its dz; returns its loss and hit.
fn row_gradient(o: u32, label: u32, columns: u32) -> vec2f {
  let stride = blocks(columns);
  var highest = activation[o].x;
  for (var n = 0u; n < stride; n++) {
    highest = row_maximum(highest, activation[o + n], n, columns);
  }
  var sum = 0f;
  var first = columns;
  for (var n = 0u; n < stride; n++) {
    let y = activation[o + n];
    sum += sum_of_columns(keep_columns(exp(y - highest), n, columns));
    first = first_of(first, y, highest, n);
  }
  let at_label = activation[o + label / BLOCK][label % BLOCK];
  for (var n = 0u; n < stride; n++) {
    let y = activation[o + n];
    let dy = softmax_gradient(y, highest, sum, label, n);
    activation[o + n] = keep_columns(through(OUTPUT_ACTIVATION, dy, y), n, columns);
  }
  return vec2f(log(sum) - (at_label - highest), f32(first == label));
}

// The mean loss and the share of hits, by one thread: there is little to add.
fn write_score(step: Step) {
  if (step.thread != 0u) {
    return;
  }
  let e = step.member * ACTIVATION_MEMBER;
  var loss_total = vec4f();
  var hit_total = vec4f();
  for (var first = 0u; first < blocks(step.rows); first += CHUNK) {
    var loss_sum = vec4f();
    var hit_sum = vec4f();
    for (var i = first; i < min(first + CHUNK, blocks(step.rows)); i++) {
      loss_sum += activation[e + run.loss + i];
      hit_sum += activation[e + run.hit + i];
    }
    loss_total += loss_sum;
    hit_total += hit_sum;
  }
  let sums = vec2f(sum_of_columns(loss_total), sum_of_columns(hit_total));
  score[step.member * SCORE_MEMBER + step.slot] = vec4f(sums / f32(step.rows), 0, 0);
}
