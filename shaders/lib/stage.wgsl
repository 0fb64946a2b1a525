// The stage: memory that a workgroup shares, with what its tiles need of both factors of a product.
//
// Its threads load DEPTH blocks of the sum at a time, every block once for all of them, wait for
// each other, and each takes those of its own tile. The tiles of a workgroup lie side by side, as
// its threads do.

import package::lib::left::Left;
import package::lib::tile::{Right, TILE_COLUMNS, TILE_ROWS};
import package::lib::workgroup::{WORKGROUP_X, WORKGROUP_Y};

const DEPTH = 4u;

// Left factor: a block row after the other, DEPTH blocks each.
var<workgroup> left_stage: array<mat4x4f, WORKGROUP_Y * TILE_ROWS * DEPTH>;
// Right factor: DEPTH block rows.
var<workgroup> right_stage: array<mat4x4f, DEPTH * WORKGROUP_X * TILE_COLUMNS>;

// Block rows that the tiles of a workgroup cover.
fn stage_down() -> u32 {
  return WORKGROUP_Y * TILE_ROWS;
}

// Block columns that they cover.
fn stage_across() -> u32 {
  return WORKGROUP_X * TILE_COLUMNS;
}

// Workgroups that cover so many blocks, `stage` each.
fn stages(blocks: u32, stage: u32) -> u32 {
  return (blocks + stage - 1) / stage;
}

// What the tile of the thread in row `y` of the workgroup needs of the left factor at depth `d`.
fn staged_left(y: u32, d: u32) -> Left {
  let i = DEPTH * TILE_ROWS * y + d;
  var left: Left;
  left.m0 = left_stage[i];
  if (TILE_ROWS == 2u) {
    left.m1 = left_stage[i + DEPTH];
  }
  return left;
}

// What the tile of the thread in column `x` of the workgroup needs of the right factor.
fn staged_right(x: u32, d: u32) -> Right {
  let i = stage_across() * d + TILE_COLUMNS * x;
  var right: Right;
  right.m0 = right_stage[i];
  if (TILE_COLUMNS == 2u) {
    right.m1 = right_stage[i + 1];
  }
  return right;
}
