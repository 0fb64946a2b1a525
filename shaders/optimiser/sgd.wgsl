// Gradient descent with momentum: v ← μ v - α g, θ ← θ + v; with Nesterov's look-ahead θ ← θ + ν v - α g, with the new v.
//
// own: μ as the change of the rate scales it, and ν, which is 0 without the look-ahead. The state is v.

import package::lib::numbers::{Moved, Numbers};

fn stepped(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  let velocity = numbers.own.x * first - numbers.rate * gradient;
  let ahead = numbers.own.y * velocity - numbers.rate * gradient;
  return Moved(parameter + select(velocity, ahead, numbers.own.y > 0), velocity, second);
}
