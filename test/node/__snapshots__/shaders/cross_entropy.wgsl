override N: u32;

override Y_MEMBER: u32 = 0;

override LOSS_MEMBER: u32 = 0;

override HIT_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 32;

@group(0) @binding(0) var<storage, read> y: array<vec4f>;

@group(0) @binding(1) var<storage, read> t: array<u32>;

@group(0) @binding(2) var<storage, read_write> loss: array<f32>;

@group(0) @binding(3) var<storage, read_write> hit: array<f32>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X) fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= BLOCK * blocks(step.rows)) {
    return;
  }
  let o = BLOCK * id.z * LOSS_MEMBER + row;
  if (row >= step.rows) {
    loss[o] = 0;
    hit[BLOCK * id.z * HIT_MEMBER + row] = 0;
    return;
  }
  let stride = blocks(N);
  let i = id.z * Y_MEMBER + row * stride;
  var highest = y[i].x;
  for (var n = 0u; n < stride; n++) {
    highest = row_maximum(highest, y[i + n], n, N);
  }
  var sum = 0f;
  var first = N;
  for (var n = 0u; n < stride; n++) {
    let values = y[i + n];
    sum += sum_of_columns(keep_columns(exp(values - highest), n, N));
    for (var c = 0u; c < BLOCK; c++) {
      if (values[c] == highest) {
        first = min(first, BLOCK * n + c);
      }
    }
  }
  let target_column = t[row];
  let at_target = y[i + target_column / BLOCK][target_column % BLOCK];
  loss[o] = log(sum) - (at_target - highest);
  hit[BLOCK * id.z * HIT_MEMBER + row] = f32(first == target_column);
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

// The larger of `highest` and the columns of `values` before `columns`; the first of them is 4 `group`.
fn row_maximum(highest: f32, values: vec4f, group: u32, columns: u32) -> f32 {
  let inside = BLOCK * group + vec4u(0, 1, 2, 3) < vec4u(columns);
  let candidates = select(vec4f(highest), values, inside);
  return max(highest, max(max(candidates.x, candidates.y), max(candidates.z, candidates.w)));
}

fn sum_of_columns(values: vec4f) -> f32 {
  return (values.x + values.y) + (values.z + values.w);
}

// `values` with the columns from `columns` on set to zero; its first column is 4 `group`.
fn keep_columns(values: vec4f, group: u32, columns: u32) -> vec4f {
  return select(vec4f(), values, BLOCK * group + vec4u(0, 1, 2, 3) < vec4u(columns));
}
