override N: u32;

override P_MEMBER: u32 = 0;

override DY_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 4;

override WORKGROUP_Y: u32 = 8;

@group(0) @binding(0) var<storage, read> p: array<vec4f>;

@group(0) @binding(1) var<storage, read> t: array<u32>;

@group(0) @binding(2) var<storage, read_write> dy: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  if (id.x >= blocks(N) || row >= BLOCK * blocks(step.rows)) {
    return;
  }
  let i = row * blocks(N) + id.x;
  let one_hot = vec4f(BLOCK * id.x + vec4u(0, 1, 2, 3) == vec4u(t[row]));
  dy[id.z * DY_MEMBER + i] = select(vec4f(), p[id.z * P_MEMBER + i] - one_hot, row < step.rows);
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
