// The end of a step: momentum update of all parameters with the L2 term, and the batch's score.
//
//   v ← μ v - α (g + λ θ) / M,  θ ← θ + v      g: summed gradients; λ for weights only
//   score[slot] = (Σ_m loss[m] / M, Σ_m hit[m] / M)
//
// θ, v and g are laid out alike, all weights before all biases, from DECAYED on. A gradient may
// come as partial sums in up to SLOTS slots, which are added in order; the table of splits tells
// how many. The last workgroup of a member takes the score, the others the parameters, four a
// thread.

import package::lib::block::BLOCK;
import package::lib::optimiser::Optimiser;
import package::lib::step::Step;

override COUNT: u32;
override DECAYED: u32;
override SLOTS: u32 = 1;
override SPLITS: u32 = 0; // where the table of splits begins among the gradients
override LAYERS: u32 = 1; // its entries
override GRADIENT_MEMBER: u32 = 0;
override VELOCITY_MEMBER: u32 = 0;
override PARAMETER_MEMBER: u32 = 0;
override LOSS_MEMBER: u32 = 0;
override HIT_MEMBER: u32 = 0;
override SCORE_MEMBER: u32 = 0;
const THREADS = 64u;

@group(0) @binding(0) var<storage, read> optimiser: array<Optimiser>;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> velocity: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> parameter: array<vec4f>;
@group(0) @binding(4) var<storage, read> loss: array<f32>;
@group(0) @binding(5) var<storage, read> hit: array<f32>;
@group(0) @binding(6) var<storage, read_write> score: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

var<workgroup> sums: array<vec2f, THREADS>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let updating = groups.x - 1;
  if (group.x == updating) {
    write_score(thread, group.z);
    return;
  }
  let numbers = optimiser[group.z];
  for (var i = group.x * THREADS + thread; i < COUNT; i += updating * THREADS) {
    let p = group.z * PARAMETER_MEMBER + i;
    let decay = select(0, numbers.l2, i < DECAYED);
    let g = (summed_gradient(i, group.z * GRADIENT_MEMBER) + decay * parameter[p]) / f32(step.rows);
    let v = numbers.momentum * velocity[group.z * VELOCITY_MEMBER + i] - numbers.learning_rate * g;
    velocity[group.z * VELOCITY_MEMBER + i] = v;
    parameter[p] += v;
  }
}

// The gradient of the parameters at `i`, for the member whose gradients begin at `g`.
fn summed_gradient(i: u32, g: u32) -> vec4f {
  var sum = gradient[g + i];
  if (SLOTS > 1u) {
    let slots = slots_used(i, g);
    for (var slot = 1u; slot < slots; slot++) {
      sum += gradient[g + slot * COUNT + i];
    }
  }
  return sum;
}

// The slots that the layer of the parameters at `i` has filled. A layer's entry holds where its
// weights and its biases end, and that number.
fn slots_used(i: u32, g: u32) -> u32 {
  var entry = vec4f();
  for (var layer = 0u; layer < LAYERS; layer++) {
    entry = gradient[g + SPLITS + layer];
    if (f32(i) < select(entry.y, entry.x, i < DECAYED)) {
      break;
    }
  }
  return min(u32(entry.z), SLOTS);
}

fn write_score(thread: u32, member: u32) {
  var sum = vec2f();
  for (var row = thread; row < step.rows; row += THREADS) {
    sum += vec2f(loss[BLOCK * member * LOSS_MEMBER + row], hit[BLOCK * member * HIT_MEMBER + row]);
  }
  sums[thread] = sum;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      sums[thread] += sums[thread + half];
    }
  }
  if (thread == 0u) {
    score[member * SCORE_MEMBER + step.slot] = vec4f(sums[0] / f32(step.rows), 0, 0);
  }
}
