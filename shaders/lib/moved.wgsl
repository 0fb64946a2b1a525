// One step of four parameters, from the sum of their gradients over the batch.

import package::lib::numbers::{Moved, Numbers};
import package::optimiser::stepped;

// The optimiser, one of the constants of package::optimiser, and how many tensors of state it has, laid out like the parameters.
override OPTIMISER: u32;
override STATES: u32 = 1;

// g = (Σ + λ θ) / M is the gradient of the batch's mean loss; weights decay, biases do not.
fn moved(numbers: Numbers, parameter: vec4f, sum: vec4f, decays: bool, rows: f32, first: vec4f, second: vec4f) -> Moved {
  let decay = select(0, numbers.l2, decays);
  return moved_along(numbers, parameter, (sum + decay * parameter) / rows, first, second);
}

// The same from the gradient of the mean loss itself.
fn moved_along(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  return stepped(OPTIMISER, numbers, parameter - numbers.shrink * parameter, gradient, first, second);
}
