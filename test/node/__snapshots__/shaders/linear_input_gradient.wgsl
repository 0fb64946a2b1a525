override K: u32;

override N: u32;

override DZ_MEMBER: u32 = 0;

override W_MEMBER: u32 = 0;

override DX_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 4;

override WORKGROUP_Y: u32 = 4;

@group(0) @binding(0) var<storage, read> dz: array<vec4f>;

@group(0) @binding(1) var<storage, read> w: array<vec4f>;

@group(0) @binding(2) var<storage, read_write> dx: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = BLOCK * id.y;
  if (column >= blocks(K) || row >= step.rows) {
    return;
  }
  let n_stride = blocks(N);
  let k_stride = blocks(K);
  var total = mat4x4f();
  var i = id.z * DZ_MEMBER + row * n_stride;
  var j = id.z * W_MEMBER + BLOCK * column * n_stride;
  for (var first = 0u; first < n_stride; first += CHUNK) {
    var sum = mat4x4f();
    for (var n = first; n < min(first + CHUNK, n_stride); n++) {
      let a = mat4x4f(dz[i], dz[i + n_stride], dz[i + 2 * n_stride], dz[i + 3 * n_stride]);
      let b = mat4x4f(w[j], w[j + n_stride], w[j + 2 * n_stride], w[j + 3 * n_stride]);
      sum += transpose(b) * a;
      i++;
      j++;
    }
    total += sum;
  }
  let o = id.z * DX_MEMBER + row * k_stride + column;
  dx[o] = total[0];
  dx[o + k_stride] = total[1];
  dx[o + 2 * k_stride] = total[2];
  dx[o + 3 * k_stride] = total[3];
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


// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;

// Blocks that cover `count` rows or columns.
fn blocks(count: u32) -> u32 {
  return (count + BLOCK - 1u) / BLOCK;
}

// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;
