// A layer's activation.
//
//   y[m, n] = f(z[m, n])      z, y: [M, N]; f: one of activation/
//
// One thread computes four columns of a row. Bound by memory.

import package::lib::activated::activated;
import package::lib::block::{BLOCK, blocks, keep_columns};
import package::lib::step::Step;

override N: u32;
override ACTIVATION: u32;
override Z_MEMBER: u32 = 0;
override Y_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 4;
override WORKGROUP_Y: u32 = 8;

@group(0) @binding(0) var<storage, read> z: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  if (id.x >= blocks(N) || row >= BLOCK * blocks(step.rows)) {
    return;
  }
  let i = row * blocks(N) + id.x;
  let values = keep_columns(activated(ACTIVATION, z[id.z * Z_MEMBER + i]), id.x, N);
  y[id.z * Y_MEMBER + i] = select(vec4f(), values, row < step.rows);
}
