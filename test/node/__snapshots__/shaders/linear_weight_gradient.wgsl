override K: u32;

override N: u32;

override X_MEMBER: u32 = 0;

override DZ_MEMBER: u32 = 0;

override DW_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 4;

override WORKGROUP_Y: u32 = 4;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;

@group(0) @binding(1) var<storage, read> dz: array<vec4f>;

@group(0) @binding(2) var<storage, read_write> dw: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y;
  if (column >= blocks(N) || row >= blocks(K)) {
    return;
  }
  let n_stride = blocks(N);
  let k_stride = blocks(K);
  let batch = blocks(step.rows);
  var total = mat4x4f();
  var i = id.z * X_MEMBER + row;
  var j = id.z * DZ_MEMBER + column;
  for (var first = 0u; first < batch; first += CHUNK) {
    var sum = mat4x4f();
    for (var m = first; m < min(first + CHUNK, batch); m++) {
      let a = mat4x4f(x[i], x[i + k_stride], x[i + 2 * k_stride], x[i + 3 * k_stride]);
      sum += mat4x4f(dz[j], dz[j + n_stride], dz[j + 2 * n_stride], dz[j + 3 * n_stride]) * transpose(a);
      i += BLOCK * k_stride;
      j += BLOCK * n_stride;
    }
    total += sum;
  }
  let o = id.z * DW_MEMBER + BLOCK * row * n_stride + column;
  dw[o] = total[0];
  dw[o + n_stride] = total[1];
  dw[o + 2 * n_stride] = total[2];
  dw[o + 3 * n_stride] = total[3];
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

// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;

// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;
