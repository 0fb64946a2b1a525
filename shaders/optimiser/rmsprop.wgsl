// RMSprop: s ← s + (1 - a) (g² - s), b ← μ b + g / (√s + ε), θ ← θ - α b.
//
// own: 1 - a, ε, μ. The state is s and b.

import package::lib::numbers::{Moved, Numbers};

fn stepped(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  let square = first + numbers.own.x * (gradient * gradient - first);
  let velocity = numbers.own.z * second + gradient / (sqrt(square) + numbers.own.y);
  return Moved(parameter - numbers.rate * velocity, square, velocity);
}
