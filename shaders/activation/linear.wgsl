// y = z.

fn value(z: vec4f) -> vec4f {
  return z;
}

fn slope(output: vec4f) -> vec4f {
  return vec4f(1);
}
