// Momentum update of one parameter tensor.
//
//   v ← μ v - α g / M,  θ ← θ + v      g: summed gradient, θ: parameters, v: velocities, all [K, N]
//
// One thread computes four columns of a row. Bound by memory.

import package::lib::block::blocks;
import package::lib::optimiser::Optimiser;
import package::lib::step::Step;

override K: u32;
override N: u32;
override GRADIENT_MEMBER: u32 = 0;
override VELOCITY_MEMBER: u32 = 0;
override PARAMETER_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 64;

@group(0) @binding(0) var<storage, read> optimiser: array<Optimiser>;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> velocity: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> parameter: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let numbers = optimiser[id.z];
  for (var i = id.x; i < K * blocks(N); i += groups.x * WORKGROUP_X) {
    let g = gradient[id.z * GRADIENT_MEMBER + i] / f32(step.rows);
    let v = numbers.momentum * velocity[id.z * VELOCITY_MEMBER + i] - numbers.learning_rate * g;
    velocity[id.z * VELOCITY_MEMBER + i] = v;
    parameter[id.z * PARAMETER_MEMBER + i] += v;
  }
}
