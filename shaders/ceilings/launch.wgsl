// The least that a dispatch takes: one thread adds one to a number that the dispatch before it
// wrote, so that each has to wait for the last.

@group(0) @binding(1) var<storage, read_write> results: array<vec4f>;

@compute @workgroup_size(1)
fn main() {
  results[0] += vec4f(1);
}
