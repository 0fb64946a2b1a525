override K: u32;

override N: u32;

override ACTIVATION: u32;

override GATHER: bool = false;

override X_MEMBER: u32 = 0;

override W_MEMBER: u32 = 0;

override B_MEMBER: u32 = 0;

override Y_MEMBER: u32 = 0;

override Z_MEMBER: u32 = 0;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;

@group(0) @binding(1) var<storage, read> order: array<u32>;

@group(0) @binding(2) var<storage, read> w: array<vec4f>;

@group(0) @binding(3) var<storage, read> b: array<vec4f>;

@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;

@group(0) @binding(5) var<storage, read_write> z: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn main(@builtin(global_invocation_id) id: vec3u) {
  // A quad stays together; outside, it computes what nobody writes.
  if (!QUAD && outside(id)) {
    return;
  }
  var products = direct_products(id.z, first_row(id), first_column(id));
  write_tile(id, &products);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn saving(@builtin(global_invocation_id) id: vec3u) {
  if (!QUAD && outside(id)) {
    return;
  }
  var products = direct_products(id.z, first_row(id), first_column(id));
  save_tile(id, &products);
  write_tile(id, &products);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn staged(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u, @builtin(local_invocation_index) index: u32) {
  var products = staged_products(group, thread, index);
  write_tile(id, &products);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn staged_saving(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u, @builtin(local_invocation_index) index: u32) {
  var products = staged_products(group, thread, index);
  save_tile(id, &products);
  write_tile(id, &products);
}

// Where the tile of a thread begins: its row of y, and its block column.
fn first_row(id: vec3u) -> u32 {
  return BLOCK * TILE_ROWS * id.y;
}

fn first_column(id: vec3u) -> u32 {
  return TILE_COLUMNS * id.x;
}

fn outside(id: vec3u) -> bool {
  return first_column(id) >= blocks(N) || first_row(id) >= step.rows;
}

// Ends a tile of y whose products are summed.
fn write_tile(id: vec3u, products: ptr<function, Tile>) {
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_block(id.z, first_row(id) + BLOCK * tile_row(r), first_column(id) + c, tile_block(products, r, c));
    }
  }
}

fn write_block(member: u32, row: u32, column: u32, products: mat4x4f) {
  let stride = blocks(N);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let block = keep_block(activated_block(ACTIVATION, biased(member, column, products)), row, step.rows, column, N);
  let o = member * Y_MEMBER + row * stride + column;
  y[o] = block[0];
  y[o + stride] = block[1];
  y[o + 2 * stride] = block[2];
  y[o + 3 * stride] = block[3];
}

// Keeps what the activation is applied to.
fn save_tile(id: vec3u, products: ptr<function, Tile>) {
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      save_block(id.z, first_row(id) + BLOCK * tile_row(r), first_column(id) + c, tile_block(products, r, c));
    }
  }
}

fn save_block(member: u32, row: u32, column: u32, products: mat4x4f) {
  let stride = blocks(N);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let block = keep_block(biased(member, column, products), row, step.rows, column, N);
  let o = member * Z_MEMBER + row * stride + column;
  z[o] = block[0];
  z[o + stride] = block[1];
  z[o + 2 * stride] = block[2];
  z[o + 3 * stride] = block[3];
}

fn biased(member: u32, column: u32, products: mat4x4f) -> mat4x4f {
  let bias = b[member * B_MEMBER + column];
  return products + mat4x4f(bias, bias, bias, bias);
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


// Quads: four threads side by side that share what they load.
//
// Where QUAD is true, the threads of a quad need the same blocks of one factor: each loads a
// quarter of them, and gets the others from its neighbours. It takes WebGPU's subgroups, and
// subgroups of at least four threads that follow each other in x.
override QUAD: bool = false;

// The tile whose first block is that of row `row` and block column `column`.
fn direct_products(member: u32, row: u32, column: u32) -> Tile {
  let x_stride = blocks(K);
  let w_stride = blocks(N);
  let rows = left_rows(member * X_MEMBER, row);
  let own_column = min(column, w_stride - 1);
  let next_column = min(own_column + 1, w_stride - 1) - own_column;
  var j = member * W_MEMBER + own_column;
  var total = Tile();
  for (var first = 0u; first < x_stride; first += CHUNK) {
    let end = min(first + CHUNK, x_stride);
    var sum = Tile();
    for (var k = first; k < end; k++) {
      add_products(&sum, left_blocks(rows, k), right_blocks(j, next_column));
      j += BLOCK * w_stride;
    }
    add_tile(&total, sum);
  }
  return total;
}

// Blocks that cover `count` rows or columns.
fn blocks(count: u32) -> u32 {
  return (count + BLOCK - 1u) / BLOCK;
}

// Where the rows of x begin whose blocks this thread loads.
fn left_rows(i: u32, row: u32) -> LeftRows {
  var rows: LeftRows;
  rows.r0 = source_rows(i, row + BLOCK * own_row(0));
  if (loads_two()) {
    rows.r1 = source_rows(i, row + BLOCK * own_row(1));
  }
  return rows;
}

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


// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;

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

fn left_blocks(rows: LeftRows, k: u32) -> Left {
  var second: mat4x4f;
  if (loads_two()) {
    second = x_block(rows.r1 + k);
  }
  return left_column(x_block(rows.r0 + k), second);
}

fn right_blocks(j: u32, next_column: u32) -> Right {
  var right: Right;
  right.m0 = w_block(j);
  if (TILE_COLUMNS == 2u) {
    right.m1 = w_block(j + next_column);
  }
  return right;
}

// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;

override TILE_ROWS: u32 = 1;

override TILE_COLUMNS: u32 = 1;

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


// A block row of the right factor.
struct Right {
  m0: mat4x4f,
  m1: mat4x4f,
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

// Where the rows of the blocks begin that a thread loads.
struct LeftRows {
  r0: vec4u,
  r1: vec4u,
}


// The block of x whose rows lie at `i`.
fn x_block(i: vec4u) -> mat4x4f {
  return mat4x4f(x[i.x], x[i.y], x[i.z], x[i.w]);
}

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

// The block of w whose first row lies at `j`.
fn w_block(j: u32) -> mat4x4f {
  let stride = blocks(N);
  return mat4x4f(w[j], w[j + stride], w[j + 2 * stride], w[j + 3 * stride]);
}

// Where four rows of the batch from `row` on begin in x. A tile may stick out at the end: there
// it computes the last rows again.
fn source_rows(i: u32, row: u32) -> vec4u {
  let last = BLOCK * (blocks(step.rows) - 1);
  var rows = min(row, last) + vec4u(0, 1, 2, 3);
  if (GATHER) {
    let place = step.start + min(rows, vec4u(step.rows - 1));
    rows = vec4u(order[place.x], order[place.y], order[place.z], order[place.w]);
  }
  return i + rows * blocks(K);
}

// The block row, within the tile, of the first or second block that a thread loads.
fn own_row(own: u32) -> u32 {
  return select(own, 4 * own + quad_lane, QUAD);
}

// Which of its quad's four threads this one is.
var<private> quad_lane: u32;

// The tile of one thread; all threads of the workgroup come here, whether their tiles lie in y or not.
fn staged_products(group: vec3u, thread: vec3u, index: u32) -> Tile {
  let x_stride = blocks(K);
  var total = Tile();
  for (var first = 0u; first < x_stride; first += CHUNK) {
    let end = min(first + CHUNK, x_stride);
    var sum = Tile();
    for (var k = first; k < end; k += DEPTH) {
      stage(group, k, index);
      workgroupBarrier();
      for (var d = 0u; d < min(DEPTH, end - k); d++) {
        add_products(&sum, staged_left(thread.y, d), staged_right(thread.x, d));
      }
      workgroupBarrier();
    }
    add_tile(&total, sum);
  }
  return total;
}

const DEPTH = 4u;

// Loads this thread's share of the blocks from `k` on; what lies outside is the last block again.
fn stage(group: vec3u, k: u32, index: u32) {
  let last = blocks(K) - 1;
  let w_stride = blocks(N);
  for (var i = index; i < DEPTH * stage_down(); i += workgroup_threads()) {
    let rows = source_rows(group.z * X_MEMBER, BLOCK * (group.y * stage_down() + i / DEPTH));
    left_stage[i] = x_block(rows + min(k + i % DEPTH, last));
  }
  for (var i = index; i < DEPTH * stage_across(); i += workgroup_threads()) {
    let column = min(group.x * stage_across() + i % stage_across(), w_stride - 1);
    let row = min(k + i / stage_across(), last);
    right_stage[i] = w_block(group.z * W_MEMBER + BLOCK * row * w_stride + column);
  }
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

// Left factor: a block row after the other, DEPTH blocks each.
var<workgroup> left_stage: array<mat4x4f, WORKGROUP_Y * TILE_ROWS * DEPTH>;

override WORKGROUP_Y: u32 = 4;

// Block columns that they cover.
fn stage_across() -> u32 {
  return WORKGROUP_X * TILE_COLUMNS;
}

// Right factor: DEPTH block rows.
var<workgroup> right_stage: array<mat4x4f, DEPTH * WORKGROUP_X * TILE_COLUMNS>;

// The shape of a workgroup.
override WORKGROUP_X: u32 = 4;

// Block rows that the tiles of a workgroup cover.
fn stage_down() -> u32 {
  return WORKGROUP_Y * TILE_ROWS;
}

// Its threads.
fn workgroup_threads() -> u32 {
  return WORKGROUP_X * WORKGROUP_Y;
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

// `block` with everything outside the matrix [rows, columns] set to zero; it is the block of
// the matrix's row `first` and block column `group`.
fn keep_block(block: mat4x4f, first: u32, rows: u32, group: u32, columns: u32) -> mat4x4f {
  if (columns % BLOCK == 0u) {
    return keep_rows(block, first, rows);
  }
  let kept = vec4f(BLOCK * group + vec4u(0, 1, 2, 3) < vec4u(columns));
  return keep_rows(mat4x4f(block[0] * kept, block[1] * kept, block[2] * kept, block[3] * kept), first, rows);
}

fn activated_block(activation: u32, z: mat4x4f) -> mat4x4f {
  return mat4x4f(activated(activation, z[0]), activated(activation, z[1]), activated(activation, z[2]), activated(activation, z[3]));
}

// `block` with the rows from `rows` on set to zero; its first row is row `first` of the matrix.
// A product with 0 or 1 is cheaper than a selection; what is cut off is finite.
fn keep_rows(block: mat4x4f, first: u32, rows: u32) -> mat4x4f {
  let kept = vec4f(first + vec4u(0, 1, 2, 3) < vec4u(rows));
  return mat4x4f(block[0] * kept.x, block[1] * kept.y, block[2] * kept.z, block[3] * kept.w);
}

// The activation of four numbers. What is not finite stays so: an activation that makes a common number of it
// would hide that the training has diverged.
fn activated(activation: u32, z: vec4f) -> vec4f {
  return select(value(activation, z), z, not_finite(z));
}

fn value(activation: u32, z: vec4f) -> vec4f {
  switch activation {
    case ACTIVATION_GELU: {
      return value0(z);
    }
    case ACTIVATION_LEAKY_RELU: {
      return value1(z);
    }
    case ACTIVATION_LINEAR: {
      return value2(z);
    }
    case ACTIVATION_RELU: {
      return value3(z);
    }
    case ACTIVATION_SIGMOID: {
      return value4(z);
    }
    case ACTIVATION_SILU: {
      return value5(z);
    }
    case ACTIVATION_SOFTPLUS: {
      return value6(z);
    }
    case ACTIVATION_TANH: {
      return value7(z);
    }
    case ACTIVATION_ELU, default: {
      return value8(z);
    }
  }
}

// Which numbers are infinite or NaN, told by their bits: WGSL may take it that none is.
fn not_finite(values: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(values) & vec4u(0x7f800000)) == vec4u(0x7f800000);
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

fn value0(z: vec4f) -> vec4f {
  return z * gate(z);
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

// y = z where z > 0, else z / 100; y' = 1 where y > 0, else 1 / 100.
fn value1(z: vec4f) -> vec4f {
  return select(0.01 * z, z, z > vec4f());
}

// y = z.
fn value2(z: vec4f) -> vec4f {
  return z;
}

// y = max(z, 0); y' = 1 where y > 0, else 0.
fn value3(z: vec4f) -> vec4f {
  return max(z, vec4f());
}

// The logistic function, y = 1 / (1 + exp(-z)), without overflow at either end; y' = y (1 - y).
fn value4(z: vec4f) -> vec4f {
  return 1 / (1 + exp(min(-z, vec4f(80))));
}

// The sigmoid linear unit, y = z s with s = 1 / (1 + exp(-z)); y' = s (1 + z (1 - s)), of the input, which the output does not tell.
fn value5(z: vec4f) -> vec4f {
  return z * gate0(z);
}

fn gate0(z: vec4f) -> vec4f {
  return 1 / (1 + exp(min(-z, vec4f(80))));
}

// y = log(1 + exp(z)), taken as max(z, 0) + log(1 + exp(-|z|)); y' = 1 - exp(-y), the logistic function of z.
// Where e = exp(-|z|) is small, log(1 + e) loses its digits: there it is e - e² / 2 + e³ / 3.
fn value6(z: vec4f) -> vec4f {
  let e = exp(-min(abs(z), vec4f(80)));
  let near = e * (1 - e * (0.5 - e * (1.0 / 3)));
  return max(z, vec4f()) + select(log(1 + e), near, e < vec4f(1e-2));
}

// The hyperbolic tangent; y' = 1 - y². The argument is cut to where it is ±1 in f32: WGSL's tanh may overflow beyond.
// Near zero, where a quotient of exponentials loses its digits, y = z - z³ / 3 + 2 z⁵ / 15.
fn value7(z: vec4f) -> vec4f {
  let cut = clamp(z, vec4f(-10), vec4f(10));
  let squared = cut * cut;
  let near = cut * (1 + squared * (-1.0 / 3 + squared * (2.0 / 15)));
  return select(tanh(cut), near, squared < vec4f(1e-3));
}

// y = z where z > 0, else exp(z) - 1; y' = 1 where y > 0, else y + 1. Near zero exp(z) - 1 loses its digits: there it is
// z + z² / 2 + z³ / 6.
fn value8(z: vec4f) -> vec4f {
  let below = min(z, vec4f());
  let near = below * (1 + below * (0.5 + below * (1.0 / 6)));
  return select(select(exp(below) - 1, near, below > vec4f(-1e-2)), z, z > vec4f());
}
