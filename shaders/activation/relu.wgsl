// y = max(z, 0); y' = 1 where y > 0, else 0.

fn value(z: vec4f) -> vec4f {
  return max(z, vec4f());
}

fn slope(output: vec4f) -> vec4f {
  return select(vec4f(), vec4f(1), output > vec4f());
}
