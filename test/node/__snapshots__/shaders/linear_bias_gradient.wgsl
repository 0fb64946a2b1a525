override N: u32;

override DZ_MEMBER: u32 = 0;

override DB_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 4;

@group(0) @binding(0) var<storage, read> dz: array<vec4f>;

@group(0) @binding(1) var<storage, read_write> db: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X) fn main(@builtin(global_invocation_id) id: vec3u) {
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

// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;
