// The batch's loss and accuracy: means over its rows, without the L2 term.
//
//   score[slot] = (Σ_m loss[m] / M, Σ_m hit[m] / M)      loss, hit: [M], score: [slots, 2]
//
// One workgroup a member: every thread adds its rows in order, then the threads' sums are
// added pairwise, so the result is reproducible.

import package::lib::block::BLOCK;
import package::lib::step::Step;

override LOSS_MEMBER: u32 = 0;
override HIT_MEMBER: u32 = 0;
override SCORE_MEMBER: u32 = 0;
const THREADS = 64u;

@group(0) @binding(0) var<storage, read> loss: array<f32>;
@group(0) @binding(1) var<storage, read> hit: array<f32>;
@group(0) @binding(2) var<storage, read_write> score: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

var<workgroup> sums: array<vec2f, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3u) {
  var sum = vec2f();
  for (var row = thread; row < step.rows; row += THREADS) {
    sum += vec2f(loss[BLOCK * group.z * LOSS_MEMBER + row], hit[BLOCK * group.z * HIT_MEMBER + row]);
  }
  sums[thread] = sum;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      sums[thread] += sums[thread + half];
    }
  }
  if (thread == 0u) {
    score[group.z * SCORE_MEMBER + step.slot] = vec4f(sums[0] / f32(step.rows), 0, 0);
  }
}
