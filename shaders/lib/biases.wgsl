// The gradients of a layer's biases, db: column sums of dz, added up beside a tile of dw.

import package::lib::tile::{Right, TILE_COLUMNS};

// Columns of db, four for each block column of a tile.
struct Biases {
  b0: vec4f,
  b1: vec4f,
}

// Adds the column sums of a tile's blocks of dz.
fn add_columns(sums: ptr<function, Biases>, right: Right) {
  (*sums).b0 += column_sums(right.m0);
  if (TILE_COLUMNS == 2u) {
    (*sums).b1 += column_sums(right.m1);
  }
}

fn add_biases(total: ptr<function, Biases>, sums: Biases) {
  (*total).b0 += sums.b0;
  (*total).b1 += sums.b1;
}

fn column_sums(block: mat4x4f) -> vec4f {
  return (block[0] + block[1]) + (block[2] + block[3]);
}
