// Adagrad: s ← s + g², θ ← θ - α g / (√s + ε).
//
// own: ε. The state is s.

import package::lib::numbers::{Moved, Numbers};

fn stepped(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  let sum = first + gradient * gradient;
  return Moved(parameter - numbers.rate * gradient / (sqrt(sum) + numbers.own.x), sum, second);
}
