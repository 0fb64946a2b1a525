// The hyperbolic tangent; y' = 1 - y². The argument is cut to where it is ±1 in f32: WGSL's tanh may overflow beyond.
// Near zero, where a quotient of exponentials loses its digits, y = z - z³ / 3 + 2 z⁵ / 15.

fn value(z: vec4f) -> vec4f {
  let cut = clamp(z, vec4f(-10), vec4f(10));
  let squared = cut * cut;
  let near = cut * (1 + squared * (-1.0 / 3 + squared * (2.0 / 15)));
  return select(tanh(cut), near, squared < vec4f(1e-3));
}

fn slope(output: vec4f) -> vec4f {
  return 1 - output * output;
}
