// A whole dense layer, backward: to its parameters and, but for the first layer, to its input.
//
//   dw[k, n] = Σ_m x[m, k] dz[m, n]                         x: [M, K], dz: [M, N], dw: [K, N]
//   db[n]    = Σ_m dz[m, n]                                 db: [N]
//   dx[m, k] = f'(saved[m, k]) Σ_n dz[m, n] w[k, n]         saved: [M, K], w: [K, N], dx: [M, K]
//
// f is the activation of the layer before, one of activation/, and saved what its slope is computed
// from, its output x or its input; so dx is the gradient of that layer's linear part. `first` leaves dx out; where GATHER is true, it takes the rows of the data set
// through the order. Gradients are sums over the batch. A thread computes a tile of dw or of dx;
// the threads of a workgroup do all the one or all the other. In `staged` and `staged_first` they
// load for each other through shared memory.

import package::dense_backward::input::input_gradient;
import package::dense_backward::parameters::{parameter_gradients, parameter_parts};
import package::dense_backward::staged_input::staged_input_gradient;
import package::dense_backward::staged_parameters::{staged_parameter_gradients, staged_parameter_groups};
import package::lib::quad::quad_lane;
import package::lib::step::Step;
import package::lib::workgroup::{WORKGROUP_X, WORKGROUP_Y};

@if(subgroups) enable subgroups;
// A quad's threads differ in column and in what they load; no loop's length depends on it.
@if(subgroups) diagnostic(off, subgroup_uniformity);

override K: u32;
override N: u32;
override ACTIVATION: u32 = 0;
override GATHER: bool = false;
override X_MEMBER: u32 = 0;
override DZ_MEMBER: u32 = 0;
override W_MEMBER: u32 = 0;
override SAVED_MEMBER: u32 = 0;
override DX_MEMBER: u32 = 0;
override GRADIENT_MEMBER: u32 = 0;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> dz: array<vec4f>;
@group(0) @binding(3) var<storage, read> w: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(6) var<storage, read> saved: array<vec4f>;
@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) thread: u32,
  @if(subgroups) @builtin(subgroup_invocation_id) invocation: u32,
) {
  @if(subgroups) quad_lane = invocation % 4u;
  let parameter_groups = (parameter_parts() + WORKGROUP_X - 1) / WORKGROUP_X;
  if (group.x < parameter_groups) {
    parameter_gradients(group.x * WORKGROUP_X + thread, group.z);
  } else {
    input_gradient((group.x - parameter_groups) * WORKGROUP_X + thread, group.z);
  }
}

@compute @workgroup_size(WORKGROUP_X)
fn first(
  @builtin(global_invocation_id) id: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) invocation: u32,
) {
  @if(subgroups) quad_lane = invocation % 4u;
  parameter_gradients(id.x, id.z);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn staged(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let parameter_groups = staged_parameter_groups();
  if (group.x < parameter_groups) {
    staged_parameter_gradients(group.x, group.z, thread, index);
  } else {
    staged_input_gradient(group.x - parameter_groups, group.z, thread, index);
  }
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn staged_first(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  staged_parameter_gradients(group.x, group.z, thread, index);
}
