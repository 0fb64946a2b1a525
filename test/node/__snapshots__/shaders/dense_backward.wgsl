override K: u32;

override N: u32;

override ACTIVATION: u32 = 0;

override GATHER: bool = false;

override X_MEMBER: u32 = 0;

override DZ_MEMBER: u32 = 0;

override W_MEMBER: u32 = 0;

override SAVED_MEMBER: u32 = 0;

override DX_MEMBER: u32 = 0;

override GRADIENT_MEMBER: u32 = 0;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;

@group(0) @binding(1) var<storage, read> order: array<u32>;

@group(0) @binding(2) var<storage, read> dz: array<vec4f>;

@group(0) @binding(3) var<storage, read> w: array<vec4f>;

@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;

@group(0) @binding(5) var<storage, read_write> gradient: array<vec4f>;

@group(0) @binding(6) var<storage, read> saved: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let parameter_groups = (parameter_parts() + WORKGROUP_X - 1) / WORKGROUP_X;
  if (group.x < parameter_groups) {
    parameter_gradients(group.x * WORKGROUP_X + thread, group.z);
  } else {
    input_gradient((group.x - parameter_groups) * WORKGROUP_X + thread, group.z);
  }
}

@compute @workgroup_size(WORKGROUP_X) fn first(@builtin(global_invocation_id) id: vec3u) {
  parameter_gradients(id.x, id.z);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn staged(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u, @builtin(local_invocation_index) index: u32) {
  let parameter_groups = staged_parameter_groups();
  if (group.x < parameter_groups) {
    staged_parameter_gradients(group.x, group.z, thread, index);
  } else {
    staged_input_gradient(group.x - parameter_groups, group.z, thread, index);
  }
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn staged_first(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u, @builtin(local_invocation_index) index: u32) {
  staged_parameter_gradients(group.x, group.z, thread, index);
}

// The step at hand: which rows it trains on and where its loss goes.
//
// One entry a step lies in a table of uniforms; a dynamic offset picks it, so a short
// last batch is an ordinary entry and no dispatch is spent on counting steps.
struct Step {
  start: u32, // first entry of the batch in the row order
  rows: u32, // rows of this batch, M
  slot: u32, // index of this step's result
}


// Threads for dw and db, one a tile and range of the batch.
fn parameter_parts() -> u32 {
  return SPLIT * tiles_down(K) * tiles_across(N);
}

// The shape of a workgroup.
override WORKGROUP_X: u32 = 4;

// One tile of dw over one range of the batch and, for block row 0, its columns of db.
fn parameter_gradients(part: u32, member: u32) {
  if (!QUAD && part >= parameter_parts()) {
    return;
  }
  let tile = part % (tiles_down(K) * tiles_across(N));
  let range = part / (tiles_down(K) * tiles_across(N));
  let row = TILE_ROWS * (tile / tiles_across(N));
  let column = TILE_COLUMNS * (tile % tiles_across(N));
  let n_stride = blocks(N);
  // A tile may stick out at the end: its blocks there are then the last ones again.
  let own_column = min(column, n_stride - 1);
  let next_column = min(own_column + 1, n_stride - 1) - own_column;
  let batch = blocks(step.rows);
  let begin = min(range * LEAF, batch);
  let end = select(min(begin + LEAF, batch), batch, SPLIT == 1u);
  let i = member * X_MEMBER;
  var j = member * DZ_MEMBER + BLOCK * begin * n_stride + own_column;
  var total = Tile();
  var biases = Biases();
  for (var leaf = begin; leaf < end; leaf += LEAF) {
    let leaf_end = min(leaf + LEAF, end);
    var sum = Tile();
    var bias_sums = Biases();
    for (var m = leaf; m < leaf_end; m++) {
      let right = right_blocks(j, next_column);
      add_products(&sum, left_blocks(source_rows(i, BLOCK * m), row), right);
      add_columns(&bias_sums, right);
      j += BLOCK * n_stride;
    }
    add_tile(&total, sum);
    add_biases(&biases, bias_sums);
  }
  if (part >= parameter_parts()) {
    return;
  }
  let g = member * GRADIENT_MEMBER;
  write_tile(g + range * SLOT, row, column, &total, biases);
  if (SLOTS > 1u && part == 0u) {
    note_split(g);
  }
}

// Quads: four threads side by side that share what they load.
//
// Where QUAD is true, the threads of a quad need the same blocks of one factor: each loads a
// quarter of them, and gets the others from its neighbours. It takes WebGPU's subgroups, and
// subgroups of at least four threads that follow each other in x.
override QUAD: bool = false;

// Tiles that cover so many rows.
fn tiles_down(rows: u32) -> u32 {
  return (blocks(rows) + TILE_ROWS - 1) / TILE_ROWS;
}

// Tiles that cover so many columns; in quads, whole quads of them.
fn tiles_across(columns: u32) -> u32 {
  let tiles = (blocks(columns) + TILE_COLUMNS - 1) / TILE_COLUMNS;
  return select(tiles, (tiles + 3) / 4 * 4, QUAD);
}

override TILE_ROWS: u32 = 1;

override TILE_COLUMNS: u32 = 1;

// Blocks that cover `count` rows or columns.
fn blocks(count: u32) -> u32 {
  return (count + BLOCK - 1u) / BLOCK;
}

override LEAF: u32;

override SPLIT: u32 = 1;

// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;

struct Tile {
  m00: mat4x4f,
  m01: mat4x4f,
  m10: mat4x4f,
  m11: mat4x4f,
  m20: mat4x4f,
  m21: mat4x4f,
  m30: mat4x4f,
  m31: mat4x4f,
  m40: mat4x4f,
  m41: mat4x4f,
  m50: mat4x4f,
  m51: mat4x4f,
  m60: mat4x4f,
  m61: mat4x4f,
  m70: mat4x4f,
  m71: mat4x4f,
}


// Columns of db, four for each block column of a tile.
struct Biases {
  b0: vec4f,
  b1: vec4f,
}


// Writes a tile of dw from block row `row` and block column `column` on, and beside block row 0 its columns
// of db, into the slot that begins at `slot`.
fn write_tile(slot: u32, row: u32, column: u32, tile: ptr<function, Tile>, biases: Biases) {
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      let bias = select(biases.b1, biases.b0, c == 0u);
      write_block(slot, row + tile_row(r), column + c, tile_block(tile, r, c), bias);
    }
  }
}

override SLOT: u32 = 0; // from one slot to the next

override SLOTS: u32 = 1;

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

fn add_biases(total: ptr<function, Biases>, sums: Biases) {
  (*total).b0 += sums.b0;
  (*total).b1 += sums.b1;
}

fn right_blocks(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = dz_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = dz_block(j + next_column);
  }
  return right;
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

// Blocks of xᵀ beneath each other: those of x beside each other from block column `k` on, transposed.
fn left_blocks(rows: vec4u, k: u32) -> Left {
  var second: mat4x4f;
  if (loads_two()) {
    second = transposed_block(rows, k + own_row(1));
  }
  return left_column(transposed_block(rows, k + own_row(0)), second);
}

// Where the rows of x begin that four rows of the batch from `row` on are. Past the batch dz is
// zero, and any row serves.
fn source_rows(i: u32, row: u32) -> vec4u {
  var rows = row + vec4u(0, 1, 2, 3);
  if (GATHER && QUAD) {
    rows = quad_numbers(source_row(row + quad_lane));
  } else if (GATHER) {
    rows = vec4u(source_row(row), source_row(row + 1), source_row(row + 2), source_row(row + 3));
  }
  return i + rows * blocks(K);
}

// Adds the column sums of a tile's blocks of dz.
fn add_columns(sums: ptr<function, Biases>, right: Right) {
  (*sums).b0 += column_sums(right.m0);
  if (TILE_COLUMNS == 2u) {
    (*sums).b1 += column_sums(right.m1);
  }
}

// The block of dz whose first row lies at `j`.
fn dz_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return mat4x4f(dz[j], dz[j + stride], dz[j + 2 * stride], dz[j + 3 * stride]);
}

// A block row of the right factor.
struct Right {
  m0: mat4x4f,
  m1: mat4x4f,
}


// A block column of the left factor, one block for each row of the tile.
struct Left {
  m0: mat4x4f,
  m1: mat4x4f,
  m2: mat4x4f,
  m3: mat4x4f,
  m4: mat4x4f,
  m5: mat4x4f,
  m6: mat4x4f,
  m7: mat4x4f,
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

// The block of xᵀ in block row `k`, out of those rows of x.
fn transposed_block(rows: vec4u, k: u32) -> mat4x4f {
  let i = rows + min(k, blocks(K) - 1);
  return transpose(mat4x4f(x[i.x], x[i.y], x[i.z], x[i.w]));
}

// The block row, within the tile, of the first or second block that a thread loads.
fn own_row(own: u32) -> u32 {
  return select(own, 4 * own + quad_lane, QUAD);
}

// Which of its quad's four threads this one is.
var<private> quad_lane: u32;

// The block of the thread whose lane is this one's with bit 0 flipped; the next two flip bit 1, and both.
fn quad_beside(own: mat4x4f) -> mat4x4f {
  return own;
}

fn quad_below(own: mat4x4f) -> mat4x4f {
  return own;
}

fn quad_across(own: mat4x4f) -> mat4x4f {
  return own;
}

// The four numbers of the quad's threads, of which this one's is `own`.
fn quad_numbers(own: u32) -> vec4u {
  return vec4u(own);
}

fn source_row(row: u32) -> u32 {
  return order[step.start + min(row, step.rows - 1)];
}

fn column_sums(block: mat4x4f) -> vec4f {
  return (block[0] + block[1]) + (block[2] + block[3]);
}

// Notes where the layer's gradients end among those that begin at `g`, and how many slots they fill.
fn note_split(g: u32) {
  let ends = vec3u(DW + BLOCK * blocks(K) * blocks(N), DB + BLOCK * blocks(N), SPLIT);
  gradient[g + SPLITS + LAYER] = vec4f(vec3f(ends), 0);
}

override DW: u32; // where dw begins among the gradients of a member

override DB: u32; // and db

override SPLITS: u32 = 0; // where the table of splits begins

override LAYER: u32 = 0;

fn write_block(slot: u32, row: u32, column: u32, block: mat4x4f, bias: vec4f) {
  let stride = blocks(N);
  if (row >= blocks(K) || column >= stride) {
    return;
  }
  let o = slot + DW + BLOCK * row * stride + column;
  gradient[o] = block[0];
  gradient[o + stride] = block[1];
  gradient[o + 2 * stride] = block[2];
  gradient[o + 3 * stride] = block[3];
  if (row == 0u) {
    gradient[slot + DB + column] = bias;
  }
}

// The block row, within the tile, of its blocks m`r`0 and m`r`1.
fn tile_row(r: u32) -> u32 {
  return select(r, r ^ quad_lane, QUAD);
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
  return mat4x4f(select(a[0], b[0], second), select(a[1], b[1], second), select(a[2], b[2], second), select(a[3], b[3], second));
}

// One tile of dx.
fn input_gradient(tile: u32, member: u32) {
  let row = TILE_ROWS * BLOCK * (tile / tiles_across(K));
  let column = TILE_COLUMNS * (tile % tiles_across(K));
  if (!QUAD && row >= step.rows) {
    return;
  }
  let n_stride = blocks(N);
  // A tile may stick out at the end: its blocks there are then the last ones again.
  let own_column = min(column, blocks(K) - 1);
  let next_column = min(own_column + 1, blocks(K) - 1) - own_column;
  let rows = left_rows(member * DZ_MEMBER, row);
  let j = member * W_MEMBER + BLOCK * own_column * n_stride;
  var total = Tile();
  for (var first = 0u; first < n_stride; first += CHUNK) {
    let end = min(first + CHUNK, n_stride);
    var sum = Tile();
    for (var n = first; n < end; n++) {
      add_products(&sum, left_blocks0(rows, n), right_blocks0(j + n, BLOCK * next_column * n_stride));
    }
    add_tile(&total, sum);
  }
  write_dx(member, row, column, &total);
}

// Where the rows of dz begin whose blocks this thread loads.
fn left_rows(i: u32, row: u32) -> LeftRows {
  var rows: LeftRows;
  rows.r0 = block_rows(i, row + BLOCK * own_row(0));
  if (loads_two()) {
    rows.r1 = block_rows(i, row + BLOCK * own_row(1));
  }
  return rows;
}

// Writes a tile of dx from row `row` and block column `column` on.
fn write_dx(member: u32, row: u32, column: u32, tile: ptr<function, Tile>) {
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_dx_block(member, row + BLOCK * tile_row(r), column + c, tile_block(tile, r, c));
    }
  }
}

// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;

fn left_blocks0(rows: LeftRows, n: u32) -> Left {
  var second: mat4x4f;
  if (loads_two()) {
    second = rows_block(rows.r1 + n);
  }
  return left_column(rows_block(rows.r0 + n), second);
}

// Blocks of wᵀ beside each other.
fn right_blocks0(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = column_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = column_block(j + next_column);
  }
  return right;
}

// Where the rows of the blocks begin that a thread loads.
struct LeftRows {
  r0: vec4u,
  r1: vec4u,
}


// The block of dz whose rows lie at `i`.
fn rows_block(i: vec4u) -> mat4x4f {
  return mat4x4f(dz[i.x], dz[i.y], dz[i.z], dz[i.w]);
}

// The block of wᵀ that is the block of w whose first row lies at `j`.
fn column_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return transpose(mat4x4f(w[j], w[j + stride], w[j + 2 * stride], w[j + 3 * stride]));
}

// Where four rows of dz from `row` on begin. A tile may stick out at the end: there it computes the last rows again.
fn block_rows(i: u32, row: u32) -> vec4u {
  let first = min(row, BLOCK * (blocks(step.rows) - 1));
  return i + (first + vec4u(0, 1, 2, 3)) * blocks(N);
}

// Ends one block of dx, whose row is `row`. Padding of dz and w is zero, so that of dx becomes zero.
fn write_dx_block(member: u32, row: u32, column: u32, dy: mat4x4f) {
  let stride = blocks(K);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let i = member * SAVED_MEMBER + row * stride + column;
  let o = member * DX_MEMBER + row * stride + column;
  // Written out: an index into a matrix that changes in a loop would send it through memory.
  dx[o] = through(ACTIVATION, dy[0], saved[i]);
  dx[o + stride] = through(ACTIVATION, dy[1], saved[i + stride]);
  dx[o + 2 * stride] = through(ACTIVATION, dy[2], saved[i + 2 * stride]);
  dx[o + 3 * stride] = through(ACTIVATION, dy[3], saved[i + 3 * stride]);
}

// From the gradient of an activation's value to that of its argument; `saved` is what its slope is computed from.
fn through(activation: u32, dy: vec4f, saved: vec4f) -> vec4f {
  return slope(activation, saved) * dy;
}

fn slope(activation: u32, output: vec4f) -> vec4f {
  switch activation {
    case ACTIVATION_GELU: {
      return slope0(output);
    }
    case ACTIVATION_LEAKY_RELU: {
      return slope1(output);
    }
    case ACTIVATION_LINEAR: {
      return slope2(output);
    }
    case ACTIVATION_RELU: {
      return slope3(output);
    }
    case ACTIVATION_SIGMOID: {
      return slope4(output);
    }
    case ACTIVATION_SILU: {
      return slope5(output);
    }
    case ACTIVATION_SOFTPLUS: {
      return slope6(output);
    }
    case ACTIVATION_TANH: {
      return slope7(output);
    }
    case ACTIVATION_ELU, default: {
      return slope8(output);
    }
  }
}

const ACTIVATION_GELU = 1u;

const ACTIVATION_LEAKY_RELU = 2u;

const ACTIVATION_LINEAR = 3u;

const ACTIVATION_RELU = 4u;

const ACTIVATION_SIGMOID = 5u;

const ACTIVATION_SILU = 6u;

const ACTIVATION_SOFTPLUS = 7u;

const ACTIVATION_TANH = 8u;

const ACTIVATION_ELU = 0u;

fn slope0(input: vec4f) -> vec4f {
  let z = clamp(input, vec4f(-50), vec4f(50));
  let s = gate(z);
  return s + z * s * (1 - s) * TWICE_ROOT * (1 + 0.134145 * z * z);
}

fn gate(input: vec4f) -> vec4f {
  let z = clamp(input, vec4f(-50), vec4f(50));
  return 1 / (1 + exp(min(-TWICE_ROOT * z * (1 + 0.044715 * z * z), vec4f(80))));
}

// The Gaussian error linear unit in its tanh form, y = z (1 + tanh u) / 2 with u = √(2/π) (z + 0.044715 z³).
//
// (1 + tanh u) / 2 is the logistic function of 2u, which keeps its digits where tanh is near -1.
// y' = s + z s (1 - s) 2 √(2/π) (1 + 3 · 0.044715 z²) with s that function; of the input, which the output does not tell.
// Far from zero, where z³ would overflow, s is 0 or 1 already.
const TWICE_ROOT = 1.5957691216057308; // 2 √(2/π)

fn slope1(output: vec4f) -> vec4f {
  return select(vec4f(0.01), vec4f(1), output > vec4f());
}

fn slope2(output: vec4f) -> vec4f {
  return vec4f(1);
}

fn slope3(output: vec4f) -> vec4f {
  return select(vec4f(), vec4f(1), output > vec4f());
}

fn slope4(output: vec4f) -> vec4f {
  return output * (1 - output);
}

fn slope5(input: vec4f) -> vec4f {
  let s = gate0(input);
  return s * (1 + input * (1 - s));
}

fn gate0(z: vec4f) -> vec4f {
  return 1 / (1 + exp(min(-z, vec4f(80))));
}

fn slope6(output: vec4f) -> vec4f {
  let near = output * (1 - output * (0.5 - output * (1.0 / 6)));
  return select(1 - exp(-min(output, vec4f(80))), near, output < vec4f(1e-2));
}

fn slope7(output: vec4f) -> vec4f {
  return 1 - output * output;
}

fn slope8(output: vec4f) -> vec4f {
  return select(output + 1, vec4f(1), output > vec4f());
}

// Workgroups for dw and db.
fn staged_parameter_groups() -> u32 {
  return SPLIT * parameter_stages();
}

// The tiles of one workgroup over one range of the batch.
fn staged_parameter_gradients(group: u32, member: u32, thread: vec3u, index: u32) {
  let place = group % parameter_stages();
  let range = group / parameter_stages();
  let row = stage_down() * (place / stages(blocks(N), stage_across()));
  let column = stage_across() * (place % stages(blocks(N), stage_across()));
  let batch = blocks(step.rows);
  let begin = min(range * LEAF, batch);
  let end = select(min(begin + LEAF, batch), batch, SPLIT == 1u);
  var total = Tile();
  var biases = Biases();
  for (var leaf = begin; leaf < end; leaf += LEAF) {
    let leaf_end = min(leaf + LEAF, end);
    var sum = Tile();
    var bias_sums = Biases();
    for (var m = leaf; m < leaf_end; m += DEPTH) {
      stage_factors(member, row, column, m, index);
      workgroupBarrier();
      for (var d = 0u; d < min(DEPTH, leaf_end - m); d++) {
        let right = staged_right(thread.x, d);
        add_products(&sum, staged_left(thread.y, d), right);
        add_columns(&bias_sums, right);
      }
      workgroupBarrier();
    }
    add_tile(&total, sum);
    add_biases(&biases, bias_sums);
  }
  let g = member * GRADIENT_MEMBER;
  write_tile(g + range * SLOT, row + TILE_ROWS * thread.y, column + TILE_COLUMNS * thread.x, &total, biases);
  if (SLOTS > 1u && group == 0u && index == 0u) {
    note_split(g);
  }
}

// Workgroups for one range of the batch.
fn parameter_stages() -> u32 {
  return stages(blocks(K), stage_down()) * stages(blocks(N), stage_across());
}

// Block rows that the tiles of a workgroup cover.
fn stage_down() -> u32 {
  return WORKGROUP_Y * TILE_ROWS;
}

// Workgroups that cover so many blocks, `stage` each.
fn stages(blocks: u32, stage: u32) -> u32 {
  return (blocks + stage - 1) / stage;
}

// Block columns that they cover.
fn stage_across() -> u32 {
  return WORKGROUP_X * TILE_COLUMNS;
}

const DEPTH = 4u;

// Loads this thread's share of the blocks from block `m` of the batch on; what lies outside is the last block again.
fn stage_factors(member: u32, row: u32, column: u32, m: u32, index: u32) {
  let last = blocks(step.rows) - 1;
  let n_stride = blocks(N);
  for (var i = index; i < DEPTH * stage_down(); i += workgroup_threads()) {
    let rows = source_rows(member * X_MEMBER, BLOCK * min(m + i % DEPTH, last));
    left_stage[i] = transposed_block(rows, row + i / DEPTH);
  }
  for (var i = index; i < DEPTH * stage_across(); i += workgroup_threads()) {
    let block_row = min(m + i / stage_across(), last);
    let block_column = min(column + i % stage_across(), n_stride - 1);
    right_stage[i] = dz_block(member * DZ_MEMBER + BLOCK * block_row * n_stride + block_column);
  }
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

// Right factor: DEPTH block rows.
var<workgroup> right_stage: array<mat4x4f, DEPTH * WORKGROUP_X * TILE_COLUMNS>;

// Left factor: a block row after the other, DEPTH blocks each.
var<workgroup> left_stage: array<mat4x4f, WORKGROUP_Y * TILE_ROWS * DEPTH>;

override WORKGROUP_Y: u32 = 4;

// Its threads.
fn workgroup_threads() -> u32 {
  return WORKGROUP_X * WORKGROUP_Y;
}

// The tiles of one workgroup.
fn staged_input_gradient(group: u32, member: u32, thread: vec3u, index: u32) {
  let across = stages(blocks(K), stage_across());
  let row = stage_down() * (group / across);
  let column = stage_across() * (group % across);
  let n_stride = blocks(N);
  var total = Tile();
  for (var first = 0u; first < n_stride; first += CHUNK) {
    let end = min(first + CHUNK, n_stride);
    var sum = Tile();
    for (var n = first; n < end; n += DEPTH) {
      stage_input(member, row, column, n, index);
      workgroupBarrier();
      for (var d = 0u; d < min(DEPTH, end - n); d++) {
        add_products(&sum, staged_left(thread.y, d), staged_right(thread.x, d));
      }
      workgroupBarrier();
    }
    add_tile(&total, sum);
  }
  write_dx(member, BLOCK * (row + TILE_ROWS * thread.y), column + TILE_COLUMNS * thread.x, &total);
}

// Loads this thread's share of the blocks from block column `n` of dz on; what lies outside is the last block again.
fn stage_input(member: u32, row: u32, column: u32, n: u32, index: u32) {
  let n_stride = blocks(N);
  for (var i = index; i < DEPTH * stage_down(); i += workgroup_threads()) {
    let rows = block_rows(member * DZ_MEMBER, BLOCK * (row + i / DEPTH));
    left_stage[i] = rows_block(rows + min(n + i % DEPTH, n_stride - 1));
  }
  for (var i = index; i < DEPTH * stage_across(); i += workgroup_threads()) {
    let block_row = min(column + i % stage_across(), blocks(K) - 1);
    let block_column = min(n + i / stage_across(), n_stride - 1);
    right_stage[i] = column_block(member * W_MEMBER + BLOCK * block_row * n_stride + block_column);
  }
}
