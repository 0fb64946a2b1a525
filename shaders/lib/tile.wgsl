// A tile: the blocks of a matrix product that one thread sums up.
//
// TILE_ROWS x TILE_COLUMNS blocks, 1 or 2 down, in quads 4 or 8, and 1 or 2 across. Each block
// of a factor that is loaded serves a whole row or column of the tile, so larger tiles load less
// for each product. Blocks are named by row and column rather than indexed: what is indexed in a
// loop does not stay in registers. Those outside the tile cost nothing, for nobody touches them.
//
// In a quad the four tiles lie in the same rows, in an order of each thread's own: `tile_row` tells.

import package::lib::block::blocks;
import package::lib::left::Left;
import package::lib::quad::{QUAD, quad_lane};

override TILE_ROWS: u32 = 1;
override TILE_COLUMNS: u32 = 1;

// Tiles that cover so many rows.
fn tiles_down(rows: u32) -> u32 {
  return (blocks(rows) + TILE_ROWS - 1) / TILE_ROWS;
}

// Tiles that cover so many columns; in quads, whole quads of them.
fn tiles_across(columns: u32) -> u32 {
  let tiles = (blocks(columns) + TILE_COLUMNS - 1) / TILE_COLUMNS;
  return select(tiles, (tiles + 3) / 4 * 4, QUAD);
}

// The block row, within the tile, of its blocks m`r`0 and m`r`1.
fn tile_row(r: u32) -> u32 {
  return select(r, r ^ quad_lane, QUAD);
}

struct Tile {
  m00: mat4x4f, m01: mat4x4f,
  m10: mat4x4f, m11: mat4x4f,
  m20: mat4x4f, m21: mat4x4f,
  m30: mat4x4f, m31: mat4x4f,
  m40: mat4x4f, m41: mat4x4f,
  m50: mat4x4f, m51: mat4x4f,
  m60: mat4x4f, m61: mat4x4f,
  m70: mat4x4f, m71: mat4x4f,
}

// A block row of the right factor.
struct Right {
  m0: mat4x4f,
  m1: mat4x4f,
}

// Adds the products of a block column and a block row, in every block of the tile.
fn add_products(tile: ptr<function, Tile>, left: Left, right: Right) {
  (*tile).m00 += right.m0 * left.m0;
  if (TILE_ROWS >= 2u) {
    (*tile).m10 += right.m0 * left.m1;
  }
  if (TILE_ROWS >= 4u) {
    (*tile).m20 += right.m0 * left.m2;
    (*tile).m30 += right.m0 * left.m3;
  }
  if (TILE_ROWS == 8u) {
    (*tile).m40 += right.m0 * left.m4;
    (*tile).m50 += right.m0 * left.m5;
    (*tile).m60 += right.m0 * left.m6;
    (*tile).m70 += right.m0 * left.m7;
  }
  if (TILE_COLUMNS == 2u) {
    (*tile).m01 += right.m1 * left.m0;
    if (TILE_ROWS >= 2u) {
      (*tile).m11 += right.m1 * left.m1;
    }
    if (TILE_ROWS >= 4u) {
      (*tile).m21 += right.m1 * left.m2;
      (*tile).m31 += right.m1 * left.m3;
    }
    if (TILE_ROWS == 8u) {
      (*tile).m41 += right.m1 * left.m4;
      (*tile).m51 += right.m1 * left.m5;
      (*tile).m61 += right.m1 * left.m6;
      (*tile).m71 += right.m1 * left.m7;
    }
  }
}

fn add_tile(total: ptr<function, Tile>, sum: Tile) {
  (*total).m00 += sum.m00;
  if (TILE_ROWS >= 2u) {
    (*total).m10 += sum.m10;
  }
  if (TILE_ROWS >= 4u) {
    (*total).m20 += sum.m20;
    (*total).m30 += sum.m30;
  }
  if (TILE_ROWS == 8u) {
    (*total).m40 += sum.m40;
    (*total).m50 += sum.m50;
    (*total).m60 += sum.m60;
    (*total).m70 += sum.m70;
  }
  if (TILE_COLUMNS == 2u) {
    (*total).m01 += sum.m01;
    if (TILE_ROWS >= 2u) {
      (*total).m11 += sum.m11;
    }
    if (TILE_ROWS >= 4u) {
      (*total).m21 += sum.m21;
      (*total).m31 += sum.m31;
    }
    if (TILE_ROWS == 8u) {
      (*total).m41 += sum.m41;
      (*total).m51 += sum.m51;
      (*total).m61 += sum.m61;
      (*total).m71 += sum.m71;
    }
  }
}

// The block of a tile in this row and column. A loop over all of them makes a program that is
// compiled in half the time of one that names each, and choosing between two at a time is
// quicker in a software adapter than a `switch`.
fn tile_block(tile: ptr<function, Tile>, row: u32, column: u32) -> mat4x4f {
  var block = (*tile).m00;
  if (TILE_ROWS >= 2u) {
    block = either(block, (*tile).m10, row == 1u);
  }
  if (TILE_ROWS >= 4u) {
    block = either(block, (*tile).m20, row == 2u);
    block = either(block, (*tile).m30, row == 3u);
  }
  if (TILE_ROWS == 8u) {
    block = either(block, (*tile).m40, row == 4u);
    block = either(block, (*tile).m50, row == 5u);
    block = either(block, (*tile).m60, row == 6u);
    block = either(block, (*tile).m70, row == 7u);
  }
  if (TILE_COLUMNS == 2u) {
    block = either(block, (*tile).m01, row == 0u && column == 1u);
    if (TILE_ROWS >= 2u) {
      block = either(block, (*tile).m11, row == 1u && column == 1u);
    }
    if (TILE_ROWS >= 4u) {
      block = either(block, (*tile).m21, row == 2u && column == 1u);
      block = either(block, (*tile).m31, row == 3u && column == 1u);
    }
    if (TILE_ROWS == 8u) {
      block = either(block, (*tile).m41, row == 4u && column == 1u);
      block = either(block, (*tile).m51, row == 5u && column == 1u);
      block = either(block, (*tile).m61, row == 6u && column == 1u);
      block = either(block, (*tile).m71, row == 7u && column == 1u);
    }
  }
  return block;
}

fn either(a: mat4x4f, b: mat4x4f, second: bool) -> mat4x4f {
  return mat4x4f(
    select(a[0], b[0], second),
    select(a[1], b[1], second),
    select(a[2], b[2], second),
    select(a[3], b[3], second),
  );
}
