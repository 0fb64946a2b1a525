// The left factor of a tile's products: what a thread loads of it, and what it gets from its quad.
//
// The four tiles of a quad lie in the same rows. A thread loads every fourth block of a block
// column, from that of its lane on, and swaps it for its neighbours'. The blocks thus come in an
// order of each thread's own, which is that of its tile's rows.

import package::lib::quad::{QUAD, quad_across, quad_below, quad_beside, quad_lane};
import package::lib::tile::TILE_ROWS;

// A block column of the left factor, one block for each row of the tile.
struct Left {
  m0: mat4x4f, m1: mat4x4f, m2: mat4x4f, m3: mat4x4f, m4: mat4x4f, m5: mat4x4f, m6: mat4x4f, m7: mat4x4f,
}

// Where the rows of the blocks begin that a thread loads.
struct LeftRows {
  r0: vec4u,
  r1: vec4u,
}

// The block row, within the tile, of the first or second block that a thread loads.
fn own_row(own: u32) -> u32 {
  return select(own, 4 * own + quad_lane, QUAD);
}

// Whether a thread loads a second one.
fn loads_two() -> bool {
  return TILE_ROWS == 2u || TILE_ROWS == 8u;
}

// The block column of which this thread loaded these.
fn left_column(own: mat4x4f, second: mat4x4f) -> Left {
  var left: Left;
  left.m0 = own;
  if (QUAD) {
    left.m1 = quad_beside(own);
    left.m2 = quad_below(own);
    left.m3 = quad_across(own);
    if (TILE_ROWS == 8u) {
      left.m4 = second;
      left.m5 = quad_beside(second);
      left.m6 = quad_below(second);
      left.m7 = quad_across(second);
    }
  } else if (TILE_ROWS == 2u) {
    left.m1 = second;
  }
  return left;
}
