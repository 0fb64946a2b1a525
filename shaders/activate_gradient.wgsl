// Through the activation, from what forward saved for it: its output, or its input.
//
//   dz[m, n] = f'(saved[m, n]) dy[m, n]      saved, dy, dz: [M, N]; f: one of activation/
//
// One thread computes four columns of a row. Padding of dy is zero, so that of dz becomes zero.

import package::lib::activated::through;
import package::lib::block::{BLOCK, blocks};
import package::lib::step::Step;

override N: u32;
override ACTIVATION: u32;
override SAVED_MEMBER: u32 = 0;
override DY_MEMBER: u32 = 0;
override DZ_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 4;
override WORKGROUP_Y: u32 = 8;

@group(0) @binding(0) var<storage, read> saved: array<vec4f>;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dz: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= blocks(N) || id.y >= BLOCK * blocks(step.rows)) {
    return;
  }
  let i = id.y * blocks(N) + id.x;
  dz[id.z * DZ_MEMBER + i] = through(ACTIVATION, dy[id.z * DY_MEMBER + i], saved[id.z * SAVED_MEMBER + i]);
}
