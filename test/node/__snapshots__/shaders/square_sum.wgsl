override COUNT: u32; // in vec4f

override W_MEMBER: u32 = 0;

override SQUARES_MEMBER: u32 = 0;

const THREADS = 64u;

@group(0) @binding(0) var<storage, read> w: array<vec4f>;

@group(0) @binding(1) var<storage, read_write> squares: array<vec4f>;

var<workgroup> sums: array<f32, THREADS>;

@compute @workgroup_size(THREADS) fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3u) {
  var total = vec4f();
  for (var first = thread; first < COUNT; first += CHUNK * THREADS) {
    var sum = vec4f();
    for (var i = first; i < min(first + CHUNK * THREADS, COUNT); i += THREADS) {
      let values = w[group.z * W_MEMBER + i];
      sum += values * values;
    }
    total += sum;
  }
  sums[thread] = sum_of_columns(total);
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      sums[thread] += sums[thread + half];
    }
  }
  if (thread == 0u) {
    squares[group.z * SQUARES_MEMBER] = vec4f(sums[0], 0, 0, 0);
  }
}

fn sum_of_columns(values: vec4f) -> f32 {
  return (values.x + values.y) + (values.z + values.w);
}

// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;
