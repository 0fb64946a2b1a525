// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.

const BLOCK = 4u;

// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;

// Blocks that cover `count` rows or columns.
fn blocks(count: u32) -> u32 {
  return (count + BLOCK - 1u) / BLOCK;
}

// `block` with the rows from `rows` on set to zero; its first row is row `first` of the matrix.
// A product with 0 or 1 is cheaper than a selection; what is cut off is finite.
fn keep_rows(block: mat4x4f, first: u32, rows: u32) -> mat4x4f {
  let kept = vec4f(first + vec4u(0, 1, 2, 3) < vec4u(rows));
  return mat4x4f(block[0] * kept.x, block[1] * kept.y, block[2] * kept.z, block[3] * kept.w);
}

// `values` with the columns from `columns` on set to zero; its first column is 4 `group`.
fn keep_columns(values: vec4f, group: u32, columns: u32) -> vec4f {
  return select(vec4f(), values, BLOCK * group + vec4u(0, 1, 2, 3) < vec4u(columns));
}

// `block` with everything outside the matrix [rows, columns] set to zero; it is the block of
// the matrix's row `first` and block column `group`.
fn keep_block(block: mat4x4f, first: u32, rows: u32, group: u32, columns: u32) -> mat4x4f {
  if (columns % BLOCK == 0u) {
    return keep_rows(block, first, rows);
  }
  let kept = vec4f(BLOCK * group + vec4u(0, 1, 2, 3) < vec4u(columns));
  return keep_rows(mat4x4f(block[0] * kept, block[1] * kept, block[2] * kept, block[3] * kept), first, rows);
}
