// One row from its outputs y to its loss, and to the gradient dz in their place.

import package::dense_loss::{ACTIVATION, N, dz};
import package::lib::activated::through;
import package::lib::block::{BLOCK, blocks, keep_columns};
import package::lib::row::{first_of, row_maximum, softmax_gradient, sum_of_columns};

// Turns the row of y at `o` into its dz; returns its loss and hit, zero for a row past the batch.
fn row_gradient(o: u32, label: u32, inside: bool) -> vec2f {
  if (!inside) {
    return vec2f();
  }
  let stride = blocks(N);
  var highest = dz[o].x;
  for (var n = 0u; n < stride; n++) {
    highest = row_maximum(highest, dz[o + n], n, N);
  }
  var sum = 0f;
  var first = N;
  for (var n = 0u; n < stride; n++) {
    let y = dz[o + n];
    sum += sum_of_columns(keep_columns(exp(y - highest), n, N));
    first = first_of(first, y, highest, n);
  }
  let at_label = dz[o + label / BLOCK][label % BLOCK];
  for (var n = 0u; n < stride; n++) {
    let y = dz[o + n];
    let dy = softmax_gradient(y, highest, sum, label, n);
    dz[o + n] = keep_columns(through(ACTIVATION, dy, y), n, N);
  }
  return vec2f(log(sum) - (at_label - highest), f32(first == label));
}
