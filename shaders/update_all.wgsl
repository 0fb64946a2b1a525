// The end of a step: the optimiser's step of all parameters, with the L2 term, and the batch's score.
//
//   θ, state ← stepped(θ, (g + λ θ) / M, state)      g: summed gradients; λ for weights only
//   score[slot] = (Σ_m loss[m] / M, Σ_m hit[m] / M)
//
// θ, g and each tensor of the state are laid out alike, all weights before all biases, from DECAYED on. A gradient may
// come as partial sums in up to SLOTS slots, which are added in order; the table of splits tells
// how many. The last workgroup of a member takes the score, the others the parameters, four a
// thread.

import package::lib::block::{BLOCK, CHUNK, blocks};
import package::lib::moved::{STATES, moved};
import package::lib::numbers::Numbers;
import package::lib::row::sum_of_columns;
import package::lib::step::Step;

override COUNT: u32;
override DECAYED: u32;
override SLOTS: u32 = 1;
override SPLITS: u32 = 0; // where the table of splits begins among the gradients
override LAYERS: u32 = 1; // its entries
override GRADIENT_MEMBER: u32 = 0;
override STATE_MEMBER: u32 = 0;
override PARAMETER_MEMBER: u32 = 0;
override LOSS_MEMBER: u32 = 0;
override HIT_MEMBER: u32 = 0;
override SCORE_MEMBER: u32 = 0;
override THREADS: u32 = 64;

@group(0) @binding(0) var<storage, read> numbers: array<Numbers>;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> state: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> parameter: array<vec4f>;
@group(0) @binding(4) var<storage, read> loss: array<vec4f>;
@group(0) @binding(5) var<storage, read> hit: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> score: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let updating = groups.x - 1;
  if (group.x == updating) {
    if (thread == 0u) {
      write_score(group.z);
    }
    return;
  }
  let own = numbers[step.slot * groups.z + group.z];
  let g = group.z * GRADIENT_MEMBER;
  let layers = layers_to_search(g);
  for (var i = group.x * THREADS + thread; i < COUNT; i += updating * THREADS) {
    let p = group.z * PARAMETER_MEMBER + i;
    let s = group.z * STATE_MEMBER + i;
    var second: vec4f;
    if (STATES > 1u) {
      second = state[s + COUNT];
    }
    let next = moved(own, parameter[p], summed_gradient(i, g, layers), i < DECAYED, f32(step.rows), state[s], second);
    parameter[p] = next.parameter;
    state[s] = next.first;
    if (STATES > 1u) {
      state[s + COUNT] = next.second;
    }
  }
}

// Of how many layers the table of splits is to be searched: of none where no layer has filled a second slot.
fn layers_to_search(g: u32) -> u32 {
  var most = 1.0;
  if (SLOTS > 1u) {
    for (var layer = 0u; layer < LAYERS; layer++) {
      most = max(most, gradient[g + SPLITS + layer].z);
    }
  }
  return select(0u, LAYERS, most > 1);
}

// The gradient of the parameters at `i`, for the member whose gradients begin at `g`.
fn summed_gradient(i: u32, g: u32, layers: u32) -> vec4f {
  var sum = gradient[g + i];
  if (SLOTS > 1u) {
    let slots = slots_used(i, g, layers);
    for (var slot = 1u; slot < slots; slot++) {
      sum += gradient[g + slot * COUNT + i];
    }
  }
  return sum;
}

// The slots that the layer of the parameters at `i` has filled. A layer's entry holds where its
// weights and its biases end, and that number.
fn slots_used(i: u32, g: u32, layers: u32) -> u32 {
  var entry = vec4f();
  for (var layer = 0u; layer < layers; layer++) {
    entry = gradient[g + SPLITS + layer];
    if (f32(i) < select(entry.y, entry.x, i < DECAYED)) {
      break;
    }
  }
  return min(u32(entry.z), SLOTS);
}

// One thread adds all rows, four at a time, while the others update: a barrier would cost more.
fn write_score(member: u32) {
  var loss_total = vec4f();
  var hit_total = vec4f();
  for (var first = 0u; first < blocks(step.rows); first += CHUNK) {
    var loss_sum = vec4f();
    var hit_sum = vec4f();
    for (var i = first; i < min(first + CHUNK, blocks(step.rows)); i++) {
      loss_sum += loss[member * LOSS_MEMBER + i];
      hit_sum += hit[member * HIT_MEMBER + i];
    }
    loss_total += loss_sum;
    hit_total += hit_sum;
  }
  let sums = vec2f(sum_of_columns(loss_total), sum_of_columns(hit_total));
  score[member * SCORE_MEMBER + step.slot] = vec4f(sums / f32(step.rows), 0, 0);
}
