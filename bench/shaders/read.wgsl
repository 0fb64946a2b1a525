// The most bytes a second: every thread reads vec4f after vec4f and adds them up.
//
// A small source is read again and again from the cache, a large one comes from memory. COUNT,
// the vec4f of the source, is a power of two. The faster of both orders is the ceiling.

override TURNS: u32 = 8;
override GROUP: u32 = 64;
override COUNT: u32 = 8192;

// vec4f of a thread's turn.
const RUN = 8u;

@group(0) @binding(0) var<storage, read> numbers: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> results: array<vec4f>;

// Neighbouring threads read neighbouring numbers: what a GPU wants.
@compute @workgroup_size(GROUP)
fn across(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let threads = groups.x * GROUP;
  var sum = vec4f();
  for (var turn = 0u; turn < TURNS; turn++) {
    let i = (id.x + turn * RUN * threads) & (COUNT - 1);
    for (var k = 0u; k < RUN; k++) {
      sum += numbers[(i + k * threads) & (COUNT - 1)];
    }
  }
  results[id.x] = sum;
}

// Each thread reads a run of its own: what a CPU wants.
@compute @workgroup_size(GROUP)
fn along(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let threads = groups.x * GROUP;
  var sum = vec4f();
  var other = vec4f();
  for (var turn = 0u; turn < TURNS; turn++) {
    let i = (RUN * (id.x + turn * threads)) & (COUNT - 1);
    sum += numbers[i];
    other += numbers[i + 1];
    sum += numbers[i + 2];
    other += numbers[i + 3];
    sum += numbers[i + 4];
    other += numbers[i + 5];
    sum += numbers[i + 6];
    other += numbers[i + 7];
  }
  results[id.x] = sum + other;
}
