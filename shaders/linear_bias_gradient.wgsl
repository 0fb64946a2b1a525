// Bias gradient of a dense layer: column sums of the output gradient.
//
//   db[n] = Σ_m dz[m, n]      dz: [M, N], db: [N]
//
// One thread owns four columns and adds the rows in order, so the result is reproducible.
// Reads each dz once: bound by memory.

import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::step::Step;

override N: u32;
override DZ_MEMBER: u32 = 0;
override DB_MEMBER: u32 = 0;
override WORKGROUP_X: u32 = 4;

@group(0) @binding(0) var<storage, read> dz: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> db: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let stride = blocks(N);
  if (id.x >= stride) {
    return;
  }
  var total = vec4f();
  var i = id.z * DZ_MEMBER + id.x;
  for (var first = 0u; first < step.rows; first += BLOCK * CHUNK) {
    var sum = vec4f();
    for (var m = first; m < min(first + BLOCK * CHUNK, step.rows); m++) {
      sum += dz[i];
      i += stride;
    }
    total += sum;
  }
  db[id.z * DB_MEMBER + id.x] = total;
}
