// AdamW: Adam, whose parameters have been shrunk before.

import package::lib::numbers::{Moved, Numbers};
import package::optimiser::adam::stepped as adam_stepped;

fn stepped(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  return adam_stepped(numbers, parameter, gradient, first, second);
}
