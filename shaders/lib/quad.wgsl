// Quads: four threads side by side that share what they load.
//
// Where QUAD is true, the threads of a quad need the same blocks of one factor: each loads a
// quarter of them, and gets the others from its neighbours. It takes WebGPU's subgroups, and
// subgroups of at least four threads that follow each other in x.

override QUAD: bool = false;

// Which of its quad's four threads this one is.
var<private> quad_lane: u32;

// The block whose row of this lane is `row`.
fn quad_block(row: vec4f) -> mat4x4f {
  @if(subgroups) return mat4x4f(quadBroadcast(row, 0), quadBroadcast(row, 1), quadBroadcast(row, 2), quadBroadcast(row, 3));
  @else return mat4x4f(row, row, row, row);
}

// The four numbers of the quad's threads, of which this one's is `own`.
fn quad_numbers(own: u32) -> vec4u {
  @if(subgroups) return vec4u(quadBroadcast(own, 0), quadBroadcast(own, 1), quadBroadcast(own, 2), quadBroadcast(own, 3));
  @else return vec4u(own);
}

// The block of the thread whose lane is this one's with bit 0 flipped; the next two flip bit 1, and both.
fn quad_beside(own: mat4x4f) -> mat4x4f {
  @if(subgroups) return mat4x4f(quadSwapX(own[0]), quadSwapX(own[1]), quadSwapX(own[2]), quadSwapX(own[3]));
  @else return own;
}

fn quad_below(own: mat4x4f) -> mat4x4f {
  @if(subgroups) return mat4x4f(quadSwapY(own[0]), quadSwapY(own[1]), quadSwapY(own[2]), quadSwapY(own[3]));
  @else return own;
}

fn quad_across(own: mat4x4f) -> mat4x4f {
  @if(subgroups) return mat4x4f(quadSwapDiagonal(own[0]), quadSwapDiagonal(own[1]), quadSwapDiagonal(own[2]), quadSwapDiagonal(own[3]));
  @else return own;
}
