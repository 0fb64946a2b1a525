// The most multiply-adds a second: independent chains of vec4f in every thread.
//
// Eight vectors a thread fill a GPU's registers, two those of a CPU on which a software adapter
// runs: the faster of both is the ceiling. FUSED asks for fma() rather than a product and a sum.
// The start and the factors come from memory, so that no compiler can know the result.

override TURNS: u32 = 256;
override GROUP: u32 = 64;
override FUSED: bool = true;

@group(0) @binding(0) var<storage, read> numbers: array<f32>;
@group(0) @binding(1) var<storage, read_write> results: array<vec4f>;

fn multiply_add(c: vec4f, a: f32, b: f32) -> vec4f {
  if (FUSED) {
    return fma(c, vec4f(a), vec4f(b));
  }
  return c * a + b;
}

// Two chains, four links a turn: 2 x 4 x 4 multiply-adds.
@compute @workgroup_size(GROUP)
fn narrow(@builtin(global_invocation_id) id: vec3u) {
  let a = numbers[0];
  let b = numbers[1];
  var c0 = vec4f(f32(id.x)) + numbers[2];
  var c1 = c0 + 1;
  for (var turn = 0u; turn < TURNS; turn++) {
    c0 = multiply_add(c0, a, b);
    c1 = multiply_add(c1, a, b);
    c0 = multiply_add(c0, a, b);
    c1 = multiply_add(c1, a, b);
    c0 = multiply_add(c0, a, b);
    c1 = multiply_add(c1, a, b);
    c0 = multiply_add(c0, a, b);
    c1 = multiply_add(c1, a, b);
  }
  results[id.x] = c0 + c1;
}

// Eight chains, one link a turn: 8 x 1 x 4 multiply-adds.
@compute @workgroup_size(GROUP)
fn wide(@builtin(global_invocation_id) id: vec3u) {
  let a = numbers[0];
  let b = numbers[1];
  var c0 = vec4f(f32(id.x)) + numbers[2];
  var c1 = c0 + 1;
  var c2 = c0 + 2;
  var c3 = c0 + 3;
  var c4 = c0 + 4;
  var c5 = c0 + 5;
  var c6 = c0 + 6;
  var c7 = c0 + 7;
  for (var turn = 0u; turn < TURNS; turn++) {
    c0 = multiply_add(c0, a, b);
    c1 = multiply_add(c1, a, b);
    c2 = multiply_add(c2, a, b);
    c3 = multiply_add(c3, a, b);
    c4 = multiply_add(c4, a, b);
    c5 = multiply_add(c5, a, b);
    c6 = multiply_add(c6, a, b);
    c7 = multiply_add(c7, a, b);
  }
  results[id.x] = c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7;
}
