// The gradient of softmax and cross-entropy together.
//
//   dy[m, n] = p[m, n] - (1 where n = t[m], else 0)      p, dy: [M, N], t: [M]
//
// Of the summed loss: the division by M enters once, at the update. One thread computes
// four columns of a row.

import package::lib::block::{BLOCK, blocks};
import package::lib::step::Step;

override N: u32;
override P_MEMBER: u32 = 0;
override DY_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 4;
override WORKGROUP_Y: u32 = 8;

@group(0) @binding(0) var<storage, read> p: array<vec4f>;
@group(0) @binding(1) var<storage, read> t: array<u32>;
@group(0) @binding(2) var<storage, read_write> dy: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  if (id.x >= blocks(N) || row >= BLOCK * blocks(step.rows)) {
    return;
  }
  let i = row * blocks(N) + id.x;
  let one_hot = vec4f(BLOCK * id.x + vec4u(0, 1, 2, 3) == vec4u(t[row]));
  dy[id.z * DY_MEMBER + i] = select(vec4f(), p[id.z * P_MEMBER + i] - one_hot, row < step.rows);
}
