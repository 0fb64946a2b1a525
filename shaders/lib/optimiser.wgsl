// The optimiser's numbers, one entry for each member, and its step.

struct Optimiser {
  learning_rate: f32,
  momentum: f32,
  l2: f32,
}

// The next velocity of four parameters, v ← μ v - α (g + λ θ) / M; weights decay, biases do not.
fn moved(numbers: Optimiser, parameter: vec4f, velocity: vec4f, gradient: vec4f, decays: bool, rows: f32) -> vec4f {
  let decay = select(0, numbers.l2, decays);
  return numbers.momentum * velocity - numbers.learning_rate * ((gradient + decay * parameter) / rows);
}
