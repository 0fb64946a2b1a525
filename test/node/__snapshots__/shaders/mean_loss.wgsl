override LOSS_MEMBER: u32 = 0;

override HIT_MEMBER: u32 = 0;

override SCORE_MEMBER: u32 = 0;

const THREADS = 64u;

@group(0) @binding(0) var<storage, read> loss: array<f32>;

@group(0) @binding(1) var<storage, read> hit: array<f32>;

@group(0) @binding(2) var<storage, read_write> score: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

var<workgroup> sums: array<vec2f, THREADS>;

@compute @workgroup_size(THREADS) fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3u) {
  var sum = vec2f();
  for (var row = thread; row < step.rows; row += THREADS) {
    sum += vec2f(loss[BLOCK * group.z * LOSS_MEMBER + row], hit[BLOCK * group.z * HIT_MEMBER + row]);
  }
  sums[thread] = sum;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      sums[thread] += sums[thread + half];
    }
  }
  if (thread == 0u) {
    score[group.z * SCORE_MEMBER + step.slot] = vec4f(sums[0] / f32(step.rows), 0, 0);
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


// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;
