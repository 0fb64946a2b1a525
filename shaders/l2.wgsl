// The L2 term's part of a weight gradient.
//
//   dw[k, n] += λ w[k, n]      w, dw: [K, N]
//
// Like dw itself, not yet divided by the rows of the batch. One thread computes four
// columns of a row.

import package::lib::block::blocks;
import package::lib::numbers::Numbers;
import package::lib::step::Step;

override K: u32;
override N: u32;
override W_MEMBER: u32 = 0;
override DW_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 64;

@group(0) @binding(0) var<storage, read> numbers: array<Numbers>;
@group(0) @binding(1) var<storage, read> w: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dw: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < K * blocks(N); i += groups.x * WORKGROUP_X) {
    dw[id.z * DW_MEMBER + i] += numbers[step.slot * groups.z + id.z].l2 * w[id.z * W_MEMBER + i];
  }
}
