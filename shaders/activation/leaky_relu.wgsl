// y = z where z > 0, else z / 100; y' = 1 where y > 0, else 1 / 100.

fn value(z: vec4f) -> vec4f {
  return select(0.01 * z, z, z > vec4f());
}

fn slope(output: vec4f) -> vec4f {
  return select(vec4f(0.01), vec4f(1), output > vec4f());
}
