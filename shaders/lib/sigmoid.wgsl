// The logistic function, 1 / (1 + exp(-z)), without overflow at either end.

fn sigmoid(z: vec4f) -> vec4f {
  let e = exp(-abs(z));
  return select(e, vec4f(1), z >= vec4f()) / (1 + e);
}
