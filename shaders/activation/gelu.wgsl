// The Gaussian error linear unit in its tanh form, y = z (1 + tanh u) / 2 with u = √(2/π) (z + 0.044715 z³).
//
// (1 + tanh u) / 2 is the logistic function of 2u, which keeps its digits where tanh is near -1.
// y' = s + z s (1 - s) 2 √(2/π) (1 + 3 · 0.044715 z²) with s that function; of the input, which the output does not tell.
// Far from zero, where z³ would overflow, s is 0 or 1 already.

const TWICE_ROOT = 1.5957691216057308; // 2 √(2/π)

fn value(z: vec4f) -> vec4f {
  return z * gate(z);
}

fn slope(input: vec4f) -> vec4f {
  let z = clamp(input, vec4f(-50), vec4f(50));
  let s = gate(z);
  return s + z * s * (1 - s) * TWICE_ROOT * (1 + 0.134145 * z * z);
}

fn gate(input: vec4f) -> vec4f {
  let z = clamp(input, vec4f(-50), vec4f(50));
  return 1 / (1 + exp(min(-TWICE_ROOT * z * (1 + 0.044715 * z * z), vec4f(80))));
}
