// Adam: m ← m + (1 - β₁) (g - m), v ← v + (1 - β₂) (g² - v), θ ← θ - α m / (√v c + ε).
//
// own: 1 - β₁, 1 - β₂, ε and c = 1 / √(1 - β₂ᵗ); α has 1 / (1 - β₁ᵗ) in it. The state is m and v.

import package::lib::numbers::{Moved, Numbers};

fn stepped(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  let mean = first + numbers.own.x * (gradient - first);
  let square = second + numbers.own.y * (gradient * gradient - second);
  let moved = parameter - numbers.rate * mean / (sqrt(square) * numbers.own.w + numbers.own.z);
  return Moved(moved, mean, square);
}
