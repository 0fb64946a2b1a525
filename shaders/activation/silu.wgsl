// The sigmoid linear unit, y = z s with s = 1 / (1 + exp(-z)); y' = s (1 + z (1 - s)), of the input, which the output does not tell.

fn value(z: vec4f) -> vec4f {
  return z * gate(z);
}

fn slope(input: vec4f) -> vec4f {
  let s = gate(input);
  return s * (1 + input * (1 - s));
}

fn gate(z: vec4f) -> vec4f {
  return 1 / (1 + exp(min(-z, vec4f(80))));
}
