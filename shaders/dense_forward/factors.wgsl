// The blocks of the two factors, x and w, as they lie in memory.

import package::dense_forward::{GATHER, K, N, order, step, w, x};
import package::lib::block::{BLOCK, blocks};

// Where four rows of the batch from `row` on begin in x. A tile may stick out at the end: there
// it computes the last rows again.
fn source_rows(i: u32, row: u32) -> vec4u {
  let last = BLOCK * (blocks(step.rows) - 1);
  var rows = min(row, last) + vec4u(0, 1, 2, 3);
  if (GATHER) {
    let place = step.start + min(rows, vec4u(step.rows - 1));
    rows = vec4u(order[place.x], order[place.y], order[place.z], order[place.w]);
  }
  return i + rows * blocks(K);
}

// The block of x whose rows lie at `i`.
fn x_block(i: vec4u) -> mat4x4f {
  return mat4x4f(x[i.x], x[i.y], x[i.z], x[i.w]);
}

// The block of w whose first row lies at `j`.
fn w_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return mat4x4f(w[j], w[j + stride], w[j + 2 * stride], w[j + 3 * stride]);
}
