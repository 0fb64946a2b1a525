// The optimiser's step of one parameter tensor.
//
//   θ, state ← stepped(θ, g / M, state)      g: summed gradient, θ: parameters, both [K, N]
//
// The state of all parameters lies in tensors laid out like all parameters, one after the other; that of this one from PLACE on.
// One thread computes four columns of a row. Bound by memory.

import package::lib::block::blocks;
import package::lib::moved::{STATES, moved_along};
import package::lib::numbers::Numbers;
import package::lib::step::Step;

override K: u32;
override N: u32;
override STATE_ROWS: u32; // vec4f of all state of a member
override PLACE: u32;
override GRADIENT_MEMBER: u32 = 0;
override STATE_MEMBER: u32 = 0;
override PARAMETER_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 64;

@group(0) @binding(0) var<storage, read> numbers: array<Numbers>;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> state: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> parameter: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let own = numbers[step.slot * groups.z + id.z];
  for (var i = id.x; i < K * blocks(N); i += groups.x * WORKGROUP_X) {
    let g = gradient[id.z * GRADIENT_MEMBER + i] / f32(step.rows);
    let p = id.z * PARAMETER_MEMBER + i;
    let s = id.z * STATE_MEMBER + PLACE + i;
    var second: vec4f;
    if (STATES > 1u) {
      second = state[s + STATE_ROWS / STATES];
    }
    let next = moved_along(own, parameter[p], g, state[s], second);
    parameter[p] = next.parameter;
    state[s] = next.first;
    if (STATES > 1u) {
      state[s + STATE_ROWS / STATES] = next.second;
    }
  }
}
