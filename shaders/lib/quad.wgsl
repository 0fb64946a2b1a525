// Quads: four threads side by side that share the loads of a block, one row each.
//
// Where QUAD is true, the threads of a quad compute tiles that need the same block of one
// factor: each loads the row of its own lane, and gets the others' rows from them. That is a
// quarter of the loads. It takes WebGPU's subgroups, and subgroups of at least four threads
// that follow each other in x.

override QUAD: bool = false;

// Which of its quad's four threads this one is.
var<private> quad_lane: u32;

// The block whose row of this lane is `row`.
fn quad_block(row: vec4f) -> mat4x4f {
  @if(subgroups) return mat4x4f(quadBroadcast(row, 0), quadBroadcast(row, 1), quadBroadcast(row, 2), quadBroadcast(row, 3));
  @else return mat4x4f(row, row, row, row);
}

// Of four numbers, one a row, those that this thread needs: all, or in a quad its own, as all four.
fn own_rows(rows: vec4u) -> vec4u {
  let pair = select(rows.xy, rows.zw, quad_lane >= 2u);
  return select(rows, vec4u(select(pair.x, pair.y, quad_lane % 2u == 1u)), QUAD);
}
