// The logistic function, y = 1 / (1 + exp(-z)), without overflow at either end; y' = y (1 - y).

fn value(z: vec4f) -> vec4f {
  return 1 / (1 + exp(min(-z, vec4f(80))));
}

fn slope(output: vec4f) -> vec4f {
  return output * (1 - output);
}
