// The most multiply-adds a second: chains of them in registers, and nothing else.
//
//   c = factor c + term
//
// The chains of a thread do not depend on each other, so that each can wait for its own last
// link. How many fit depends on the registers: `narrow` has 3 vec4f, `wide` 8, and `blocks` 2
// that a matrix multiplies. FUSED asks for fma() rather than a product and a sum. Chains are
// written out: an array of them, or a matrix, would not stay in registers everywhere.
// All numbers come from memory, so that no compiler knows them; with a factor and a term of 1
// and a matrix of identity the results count the links.

override GROUP: u32 = 64;
override FUSED: bool = true;

// Links of a thread's turn, over all its chains, and what a link computes.
const NARROW_LINKS = 48u;
const WIDE_LINKS = 64u;
const BLOCK_LINKS = 16u;
const LINK_FLOPS = 8u; // 4 products, 4 sums
const BLOCK_LINK_FLOPS = 32u; // 16 products, 16 sums

// Factor and term, then the matrix.
@group(0) @binding(0) var<storage, read> numbers: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> results: array<vec4f>;
@group(0) @binding(2) var<uniform> turns: u32;

fn link(c: vec4f, factor: f32, term: f32) -> vec4f {
  if (FUSED) {
    return fma(c, vec4f(factor), vec4f(term));
  }
  return c * factor + term;
}

@compute @workgroup_size(GROUP)
fn narrow(@builtin(global_invocation_id) id: vec3u) {
  let a = numbers[0].x;
  let b = numbers[0].y;
  var c0 = vec4f(f32(id.x & 15u));
  var c1 = c0 + 1;
  var c2 = c0 + 2;
  let end = turns;
  for (var turn = 0u; turn < end; turn++) {
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b);
  }
  results[id.x] = c0 + c1 + c2;
}

@compute @workgroup_size(GROUP)
fn wide(@builtin(global_invocation_id) id: vec3u) {
  let a = numbers[0].x;
  let b = numbers[0].y;
  var c0 = vec4f(f32(id.x & 15u));
  var c1 = c0 + 1;
  var c2 = c0 + 2;
  var c3 = c0 + 3;
  var c4 = c0 + 4;
  var c5 = c0 + 5;
  var c6 = c0 + 6;
  var c7 = c0 + 7;
  let end = turns;
  for (var turn = 0u; turn < end; turn++) {
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b); c3 = link(c3, a, b);
    c4 = link(c4, a, b); c5 = link(c5, a, b); c6 = link(c6, a, b); c7 = link(c7, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b); c3 = link(c3, a, b);
    c4 = link(c4, a, b); c5 = link(c5, a, b); c6 = link(c6, a, b); c7 = link(c7, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b); c3 = link(c3, a, b);
    c4 = link(c4, a, b); c5 = link(c5, a, b); c6 = link(c6, a, b); c7 = link(c7, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b); c3 = link(c3, a, b);
    c4 = link(c4, a, b); c5 = link(c5, a, b); c6 = link(c6, a, b); c7 = link(c7, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b); c3 = link(c3, a, b);
    c4 = link(c4, a, b); c5 = link(c5, a, b); c6 = link(c6, a, b); c7 = link(c7, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b); c3 = link(c3, a, b);
    c4 = link(c4, a, b); c5 = link(c5, a, b); c6 = link(c6, a, b); c7 = link(c7, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b); c3 = link(c3, a, b);
    c4 = link(c4, a, b); c5 = link(c5, a, b); c6 = link(c6, a, b); c7 = link(c7, a, b);
    c0 = link(c0, a, b); c1 = link(c1, a, b); c2 = link(c2, a, b); c3 = link(c3, a, b);
    c4 = link(c4, a, b); c5 = link(c5, a, b); c6 = link(c6, a, b); c7 = link(c7, a, b);
  }
  results[id.x] = c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7;
}

@compute @workgroup_size(GROUP)
fn blocks(@builtin(global_invocation_id) id: vec3u) {
  let a = mat4x4f(numbers[1], numbers[2], numbers[3], numbers[4]);
  let b = numbers[0].y;
  var c0 = vec4f(f32(id.x & 15u));
  var c1 = c0 + 1;
  let end = turns;
  for (var turn = 0u; turn < end; turn++) {
    c0 = a * c0 + b; c1 = a * c1 + b;
    c0 = a * c0 + b; c1 = a * c1 + b;
    c0 = a * c0 + b; c1 = a * c1 + b;
    c0 = a * c0 + b; c1 = a * c1 + b;
    c0 = a * c0 + b; c1 = a * c1 + b;
    c0 = a * c0 + b; c1 = a * c1 + b;
    c0 = a * c0 + b; c1 = a * c1 + b;
    c0 = a * c0 + b; c1 = a * c1 + b;
  }
  results[id.x] = c0 + c1;
}
