override K: u32;

override N: u32;

override X_MEMBER: u32 = 0;

override W_MEMBER: u32 = 0;

override B_MEMBER: u32 = 0;

override Z_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 4;

override WORKGROUP_Y: u32 = 4;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;

@group(0) @binding(1) var<storage, read> w: array<vec4f>;

@group(0) @binding(2) var<storage, read> b: array<vec4f>;

@group(0) @binding(3) var<storage, read_write> z: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = BLOCK * id.y;
  if (column >= blocks(N) || row >= step.rows) {
    return;
  }
  let x_stride = blocks(K);
  let w_stride = blocks(N);
  var total = mat4x4f();
  var i = id.z * X_MEMBER + row * x_stride;
  var j = id.z * W_MEMBER + column;
  for (var first = 0u; first < x_stride; first += CHUNK) {
    var sum = mat4x4f();
    for (var k = first; k < min(first + CHUNK, x_stride); k++) {
      let a = mat4x4f(x[i], x[i + x_stride], x[i + 2 * x_stride], x[i + 3 * x_stride]);
      sum += mat4x4f(w[j], w[j + w_stride], w[j + 2 * w_stride], w[j + 3 * w_stride]) * a;
      i++;
      j += BLOCK * w_stride;
    }
    total += sum;
  }
  let bias = b[id.z * B_MEMBER + column];
  total = keep_rows(total + mat4x4f(bias, bias, bias, bias), row, step.rows);
  let o = id.z * Z_MEMBER + row * w_stride + column;
  z[o] = total[0];
  z[o + w_stride] = total[1];
  z[o + 2 * w_stride] = total[2];
  z[o + 3 * w_stride] = total[3];
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

// `block` with the rows from `rows` on set to zero; its first row is row `first` of the matrix.
// A product with 0 or 1 is cheaper than a selection; what is cut off is finite.
fn keep_rows(block: mat4x4f, first: u32, rows: u32) -> mat4x4f {
  let kept = vec4f(first + vec4u(0, 1, 2, 3) < vec4u(rows));
  return mat4x4f(block[0] * kept.x, block[1] * kept.y, block[2] * kept.z, block[3] * kept.w);
}

// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;
