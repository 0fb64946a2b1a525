// The optimiser's numbers, one entry for each member.

struct Optimiser {
  learning_rate: f32,
  momentum: f32,
  l2: f32,
}
