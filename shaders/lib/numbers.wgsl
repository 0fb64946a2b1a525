// The numbers of a step: the host resolves them in float64, one entry for each step of the table and member.

struct Numbers {
  rate: f32,   // what the optimiser's direction is multiplied with
  l2: f32,     // coefficient of the L2 term; weights have it, biases do not
  shrink: f32, // the part of a parameter that is taken off before the step
  own: vec4f,  // the optimiser's own, as its rule in src/nn/optimisers/ says
}

// Four parameters after a step, and the optimiser's state of them.
struct Moved {
  parameter: vec4f,
  first: vec4f,
  second: vec4f,
}
