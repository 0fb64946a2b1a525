// The logistic function, 1 / (1 + exp(-z)), without overflow at either end.

fn sigmoid(z: vec4f) -> vec4f {
  let e = exp(-abs(z));
  return select(e, vec4f(1), z >= vec4f()) / (1 + e);
}

// The logistic function of every number of a block.
fn sigmoid_block(z: mat4x4f) -> mat4x4f {
  return mat4x4f(sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[2]), sigmoid(z[3]));
}
