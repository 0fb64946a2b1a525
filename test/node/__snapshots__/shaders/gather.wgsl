override K: u32;

override WORKGROUP_X: u32 = 8;

override WORKGROUP_Y: u32 = 8;

@group(0) @binding(0) var<storage, read> features: array<vec4f>;

@group(0) @binding(1) var<storage, read> labels: array<u32>;

@group(0) @binding(2) var<storage, read> order: array<u32>;

@group(0) @binding(3) var<storage, read_write> x: array<vec4f>;

@group(0) @binding(4) var<storage, read_write> t: array<u32>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn main(@builtin(global_invocation_id) id: vec3u) {
  let stride = blocks(K);
  let row = id.y;
  if (id.x >= stride || row >= BLOCK * blocks(step.rows)) {
    return;
  }
  if (row >= step.rows) {
    x[row * stride + id.x] = vec4f();
    return;
  }
  let source = order[step.start + row];
  x[row * stride + id.x] = features[source * stride + id.x];
  if (id.x == 0u) {
    t[row] = labels[source];
  }
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
