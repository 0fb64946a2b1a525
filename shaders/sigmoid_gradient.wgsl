// Through the activation, from its output.
//
//   dz[m, n] = y[m, n] (1 - y[m, n]) dy[m, n]      y, dy, dz: [M, N]
//
// One thread computes four columns of a row. Padding of y and dy is zero, so it stays so.

import package::lib::block::{BLOCK, blocks};
import package::lib::step::Step;

override N: u32;
override Y_MEMBER: u32 = 0;
override DY_MEMBER: u32 = 0;
override DZ_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 4;
override WORKGROUP_Y: u32 = 8;

@group(0) @binding(0) var<storage, read> y: array<vec4f>;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dz: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= blocks(N) || id.y >= BLOCK * blocks(step.rows)) {
    return;
  }
  let i = id.y * blocks(N) + id.x;
  let values = y[id.z * Y_MEMBER + i];
  dz[id.z * DZ_MEMBER + i] = values * (1 - values) * dy[id.z * DY_MEMBER + i];
}
