override K: u32;

override N: u32;

override W_MEMBER: u32 = 0;

override DW_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 64;

@group(0) @binding(0) var<storage, read> numbers: array<Numbers>;

@group(0) @binding(1) var<storage, read> w: array<vec4f>;

@group(0) @binding(2) var<storage, read_write> dw: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < K * blocks(N); i += groups.x * WORKGROUP_X) {
    dw[id.z * DW_MEMBER + i] += numbers[step.slot * groups.z + id.z].l2 * w[id.z * W_MEMBER + i];
  }
}

// The numbers of a step: the host resolves them in float64, one entry for each step of the table and member.
struct Numbers {
  rate: f32, // what the optimiser's direction is multiplied with
  l2: f32, // coefficient of the L2 term; weights have it, biases do not
  shrink: f32, // the part of a parameter that is taken off before the step
  own: vec4f, // the optimiser's own, as its rule in src/nn/optimisers/ says
}


// The step at hand: which rows it trains on and where its loss goes.
//
// One entry a step lies in a table of uniforms; a dynamic offset picks it, so a short
// last batch is an ordinary entry and no dispatch is spent on counting steps.
struct Step {
  start: u32, // first entry of the batch in the row order
  rows: u32, // rows of this batch, M
  slot: u32, // index of this step's result
}


// Blocks that cover `count` rows or columns.
fn blocks(count: u32) -> u32 {
  return (count + BLOCK - 1u) / BLOCK;
}

// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;
