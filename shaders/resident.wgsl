// Whole training steps, many in one dispatch: one workgroup trains one network.
//
// The fused program as a table of layers. The threads of the workgroup share the tiles of each
// phase and wait for each other between phases:
//
//   batch                       rows of the data set, through the order, to the activations
//   dense forward               every layer but the last
//   dense loss                  the last layer, as far as dz
//   dense backward, update      dx of a layer beside dw and the update of the layer after it,
//                               whose weights nobody needs any more
//
// The same sums in the same order as the chained kernels, from the same functions of lib/: the
// same bits. For small networks, which a workgroup trains faster than a dispatch is launched,
// and for groups of them.

import package::lib::numbers::Numbers;
import package::lib::quad::quad_lane;
import package::resident::forward::{forward_layer, load_batch};
import package::resident::input::input_gradient;
import package::resident::loss::{loss_layer, write_score};
import package::resident::update::update_layer;

@if(subgroups) enable subgroups;
// The threads of a quad differ in their column or their rows alone, and every loop's length in none.
@if(subgroups) diagnostic(off, subgroup_uniformity);

const MOST_LAYERS = 64u;

// Stands for no activation in particular.
const MIXED = 0xffffu;

// One dense layer. Places are in vec4f from the start of a member's parameters or activations.
struct Layer {
  inputs: u32,
  outputs: u32,
  w: u32,
  b: u32,
  x: u32,  // the layer's input among the activations
  y: u32,  // its output; of the last layer unused
  dz: u32, // the gradient of its linear part
  saved: u32, // what the slope of its activation is computed from: y, or what the activation is applied to
  activation: u32, // one of the constants of package::activation
  @size(12) keeps: u32, // whether what the activation is applied to is kept; the size makes entries of a uniform's 16 bytes
}

// What to run, and how the steps cut the data set.
struct Run {
  first: u32,        // slot of the first step
  count: u32,        // steps
  batch: u32,        // rows of a step; the last one of an epoch may have fewer
  data_rows: u32,    // rows of an epoch
  epoch_steps: u32,  // steps of an epoch
  layers: u32,
  loss: u32,         // where the rows' losses lie among the activations, as vec4f
  hit: u32,
  gradient: u32,     // where the last step's gradients go, laid out like the parameters
}

override THREADS: u32 = 8;
override ACTIVATION: u32; // of the layers before the last, or MIXED where they have several
override OUTPUT_ACTIVATION: u32;
override GATHER: bool = true; // the order changes from epoch to epoch
override LEAF: u32;
override PARAMETER_MEMBER: u32 = 0;
override STATE_MEMBER: u32 = 0;
override COUNT: u32; // parameters of a member, as vec4f
override ACTIVATION_MEMBER: u32 = 0;
override SCORE_MEMBER: u32 = 0;

@group(0) @binding(0) var<storage, read> features: array<vec4f>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read> numbers: array<Numbers>;
@group(0) @binding(4) var<storage, read_write> parameter: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> state: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> activation: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> score: array<vec4f>;
@group(0) @binding(8) var<uniform> run: Run;
@group(0) @binding(9) var<uniform> table: array<Layer, MOST_LAYERS>;

// What every phase must know.
struct Step {
  thread: u32,
  member: u32,
  slot: u32,
  start: u32, // the batch's first entry in the order
  rows: u32,  // rows of the batch
  last: bool, // whether no step follows in this dispatch
  numbers: u32, // the place of its numbers
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) invocation: u32,
) {
  @if(subgroups) quad_lane = invocation % 4u;
  let last = run.layers - 1;
  for (var s = 0u; s < run.count; s++) {
    let slot = run.first + s;
    let part = slot % run.epoch_steps;
    // Of an order that never changes there is one.
    let start = select(0u, slot / run.epoch_steps * run.data_rows, GATHER) + part * run.batch;
    let rows = min(run.batch, run.data_rows - part * run.batch);
    let step = Step(thread, group.x, slot, start, rows, s + 1 == run.count, slot * groups.x + group.x);
    if (GATHER || s == 0u) {
      load_batch(step, table[0]);
      storageBarrier();
    }
    for (var l = 0u; l < last; l++) {
      forward_layer(step, table[l]);
      storageBarrier();
    }
    loss_layer(step, table[last]);
    storageBarrier();
    write_score(step);
    // Every call is inlined, and what compiling takes grows faster than the code: one call of the updates.
    for (var rest = run.layers; rest > 0u; rest--) {
      let l = rest - 1;
      if (l > 0u) {
        input_gradient(step, table[l], table[l - 1]);
      }
      for (var u = min(rest, last) + 1; u > select(rest, 0u, l == 0u); u--) {
        update_layer(step, table[u - 1]);
      }
      storageBarrier();
    }
  }
}

// The activation of a layer before the last. Where all have the same, it is known to the compiler, which drops the others.
fn activation_of(layer: Layer) -> u32 {
  if (ACTIVATION == MIXED) {
    return layer.activation;
  }
  return ACTIVATION;
}
