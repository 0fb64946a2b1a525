// An activation applied to a block, and the way back through it; `activation` is one of the constants of package::activation.

import package::activation::{slope, value};

// The activation of four numbers. What is not finite stays so: an activation that makes a common number of it
// would hide that the training has diverged.
fn activated(activation: u32, z: vec4f) -> vec4f {
  return select(value(activation, z), z, not_finite(z));
}

fn activated_block(activation: u32, z: mat4x4f) -> mat4x4f {
  return mat4x4f(
    activated(activation, z[0]),
    activated(activation, z[1]),
    activated(activation, z[2]),
    activated(activation, z[3]),
  );
}

// From the gradient of an activation's value to that of its argument; `saved` is what its slope is computed from.
fn through(activation: u32, dy: vec4f, saved: vec4f) -> vec4f {
  return slope(activation, saved) * dy;
}

// Which numbers are infinite or NaN, told by their bits: WGSL may take it that none is.
fn not_finite(values: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(values) & vec4u(0x7f800000)) == vec4u(0x7f800000);
}
