// The logistic function, 1 / (1 + exp(-z)), without overflow at either end.

fn sigmoid(z: vec4f) -> vec4f {
  return 1 / (1 + exp(min(-z, vec4f(80))));
}

// The logistic function of every number of a block.
fn sigmoid_block(z: mat4x4f) -> mat4x4f {
  return mat4x4f(sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[2]), sigmoid(z[3]));
}

// From the gradient of σ's value to that of its argument: σ' = y (1 - y).
fn through_sigmoid(dy: vec4f, y: vec4f) -> vec4f {
  return y * (1 - y) * dy;
}
