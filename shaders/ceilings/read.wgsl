// The most bytes a second: every thread reads number after number and adds them up.
//
// A small source is read again and again from a cache; a large one comes from memory. In each of
// its turns a workgroup reads a run of its own, neighbouring threads neighbouring numbers, as f32,
// vec4f or mat4x4f: which of them is fastest depends on the adapter. The length of the source is a
// power of two. With a source of ones the results count what was read.

override GROUP: u32 = 64;

// Loads of a thread's turn.
const SCALAR_LOADS = 16u;
const VECTOR_LOADS = 8u;
const BLOCK_LOADS = 4u;

@group(0) @binding(0) var<storage, read> scalars: array<f32>;
@group(0) @binding(0) var<storage, read> vectors: array<vec4f>;
@group(0) @binding(0) var<storage, read> blocks: array<mat4x4f>;
@group(0) @binding(1) var<storage, read_write> results: array<vec4f>;
@group(0) @binding(2) var<uniform> turns: u32;

@compute @workgroup_size(GROUP)
fn read_scalars(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let last = arrayLength(&scalars) - 1;
  var sum0 = 0f;
  var sum1 = 0f;
  var sum2 = 0f;
  var sum3 = 0f;
  let end = turns;
  for (var turn = 0u; turn < end; turn++) {
    let i = (turn * workgroups.x + workgroup.x) * SCALAR_LOADS * GROUP + thread.x;
    sum0 += scalars[i & last];
    sum1 += scalars[(i + GROUP) & last];
    sum2 += scalars[(i + 2 * GROUP) & last];
    sum3 += scalars[(i + 3 * GROUP) & last];
    sum0 += scalars[(i + 4 * GROUP) & last];
    sum1 += scalars[(i + 5 * GROUP) & last];
    sum2 += scalars[(i + 6 * GROUP) & last];
    sum3 += scalars[(i + 7 * GROUP) & last];
    sum0 += scalars[(i + 8 * GROUP) & last];
    sum1 += scalars[(i + 9 * GROUP) & last];
    sum2 += scalars[(i + 10 * GROUP) & last];
    sum3 += scalars[(i + 11 * GROUP) & last];
    sum0 += scalars[(i + 12 * GROUP) & last];
    sum1 += scalars[(i + 13 * GROUP) & last];
    sum2 += scalars[(i + 14 * GROUP) & last];
    sum3 += scalars[(i + 15 * GROUP) & last];
  }
  results[id.x] = vec4f(sum0, sum1, sum2, sum3);
}

@compute @workgroup_size(GROUP)
fn read_vectors(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let last = arrayLength(&vectors) - 1;
  var sum0 = vec4f();
  var sum1 = vec4f();
  let end = turns;
  for (var turn = 0u; turn < end; turn++) {
    let i = (turn * workgroups.x + workgroup.x) * VECTOR_LOADS * GROUP + thread.x;
    sum0 += vectors[i & last];
    sum1 += vectors[(i + GROUP) & last];
    sum0 += vectors[(i + 2 * GROUP) & last];
    sum1 += vectors[(i + 3 * GROUP) & last];
    sum0 += vectors[(i + 4 * GROUP) & last];
    sum1 += vectors[(i + 5 * GROUP) & last];
    sum0 += vectors[(i + 6 * GROUP) & last];
    sum1 += vectors[(i + 7 * GROUP) & last];
  }
  results[id.x] = sum0 + sum1;
}

@compute @workgroup_size(GROUP)
fn read_blocks(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_id) thread: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  let last = arrayLength(&blocks) - 1;
  var sum = vec4f();
  let end = turns;
  for (var turn = 0u; turn < end; turn++) {
    let i = (turn * workgroups.x + workgroup.x) * BLOCK_LOADS * GROUP + thread.x;
    sum += rows(blocks[i & last]);
    sum += rows(blocks[(i + GROUP) & last]);
    sum += rows(blocks[(i + 2 * GROUP) & last]);
    sum += rows(blocks[(i + 3 * GROUP) & last]);
  }
  results[id.x] = sum;
}

// The sum of a block's rows.
fn rows(block: mat4x4f) -> vec4f {
  return block[0] + block[1] + block[2] + block[3];
}
