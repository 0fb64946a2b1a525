enable subgroups;
// The threads of a quad differ in their column or their rows alone, and every loop's length in none.
diagnostic(off, subgroup_uniformity);

const MOST_LAYERS = 64u;

// Stands for no activation in particular.
const MIXED = 0xffffu;

// One dense layer. Places are in vec4f from the start of a member's parameters or activations.
struct Layer {
  inputs: u32,
  outputs: u32,
  w: u32,
  b: u32,
  x: u32, // the layer's input among the activations
  y: u32, // its output; of the last layer unused
  dz: u32, // the gradient of its linear part
  saved: u32, // what the slope of its activation is computed from: y, or what the activation is applied to
  activation: u32, // one of the constants of package::activation
  @size(12) keeps: u32, // whether what the activation is applied to is kept; the size makes entries of a uniform's 16 bytes
}


// What to run, and how the steps cut the data set.
struct Run {
  first: u32, // slot of the first step
  count: u32, // steps
  batch: u32, // rows of a step; the last one of an epoch may have fewer
  data_rows: u32, // rows of an epoch
  epoch_steps: u32, // steps of an epoch
  layers: u32,
  loss: u32, // where the rows' losses lie among the activations, as vec4f
  hit: u32,
  gradient: u32, // where the last step's gradients go, laid out like the parameters
}


override THREADS: u32 = 8;

override ACTIVATION: u32; // of the layers before the last, or MIXED where they have several

override OUTPUT_ACTIVATION: u32;

override GATHER: bool = true; // the order changes from epoch to epoch

override LEAF: u32;

override PARAMETER_MEMBER: u32 = 0;

override STATE_MEMBER: u32 = 0;

override COUNT: u32; // parameters of a member, as vec4f

override ACTIVATION_MEMBER: u32 = 0;

override SCORE_MEMBER: u32 = 0;

@group(0) @binding(0) var<storage, read> features: array<vec4f>;

@group(0) @binding(1) var<storage, read> order: array<u32>;

@group(0) @binding(2) var<storage, read> labels: array<u32>;

@group(0) @binding(3) var<storage, read> numbers: array<Numbers>;

@group(0) @binding(4) var<storage, read_write> parameter: array<vec4f>;

@group(0) @binding(5) var<storage, read_write> state: array<vec4f>;

@group(0) @binding(6) var<storage, read_write> activation: array<vec4f>;

@group(0) @binding(7) var<storage, read_write> score: array<vec4f>;

@group(0) @binding(8) var<uniform> run: Run;

@group(0) @binding(9) var<uniform> table: array<Layer, MOST_LAYERS>;

// What every phase must know.
struct Step {
  thread: u32,
  member: u32,
  slot: u32,
  start: u32, // the batch's first entry in the order
  rows: u32, // rows of the batch
  last: bool, // whether no step follows in this dispatch
  numbers: u32, // the place of its numbers
}


@compute @workgroup_size(THREADS) fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(subgroup_invocation_id) invocation: u32) {
  quad_lane = invocation % 4u;
  let last = run.layers - 1;
  for (var s = 0u; s < run.count; s++) {
    let slot = run.first + s;
    let part = slot % run.epoch_steps;
    // Of an order that never changes there is one.
    let start = select(0u, slot / run.epoch_steps * run.data_rows, GATHER) + part * run.batch;
    let rows = min(run.batch, run.data_rows - part * run.batch);
    let step = Step(thread, group.x, slot, start, rows, s + 1 == run.count, slot * groups.x + group.x);
    if (GATHER || s == 0u) {
      load_batch(step, table[0]);
      storageBarrier();
    }
    for (var l = 0u; l < last; l++) {
      forward_layer(step, table[l]);
      storageBarrier();
    }
    loss_layer(step, table[last]);
    storageBarrier();
    write_score(step);
    // Every call is inlined, and what compiling takes grows faster than the code: one call of the updates.
    for (var rest = run.layers; rest > 0u; rest--) {
      let l = rest - 1;
      if (l > 0u) {
        input_gradient(step, table[l], table[l - 1]);
      }
      for (var u = min(rest, last) + 1; u > select(rest, 0u, l == 0u); u--) {
        update_layer(step, table[u - 1]);
      }
      storageBarrier();
    }
  }
}

// The activation of a layer before the last. Where all have the same, it is known to the compiler, which drops the others.
fn activation_of(layer: Layer) -> u32 {
  if (ACTIVATION == MIXED) {
    return layer.activation;
  }
  return ACTIVATION;
}

// The numbers of a step: the host resolves them in float64, one entry for each step of the table and member.
struct Numbers {
  rate: f32, // what the optimiser's direction is multiplied with
  l2: f32, // coefficient of the L2 term; weights have it, biases do not
  shrink: f32, // the part of a parameter that is taken off before the step
  own: vec4f, // the optimiser's own, as its rule in src/nn/optimisers/ says
}


// Which of its quad's four threads this one is.
var<private> quad_lane: u32;

// dz, loss and hit of every row, four rows a thread.
fn loss_layer(step: Step, layer: Layer) {
  for (var base = 0u; base < blocks(step.rows); base += THREADS) {
    loss_rows(step, layer, base + step.thread);
  }
}

// The mean loss and the share of hits, by one thread: there is little to add.
fn write_score(step: Step) {
  if (step.thread != 0u) {
    return;
  }
  let e = step.member * ACTIVATION_MEMBER;
  var loss_total = vec4f();
  var hit_total = vec4f();
  for (var first = 0u; first < blocks(step.rows); first += CHUNK) {
    var loss_sum = vec4f();
    var hit_sum = vec4f();
    for (var i = first; i < min(first + CHUNK, blocks(step.rows)); i++) {
      loss_sum += activation[e + run.loss + i];
      hit_sum += activation[e + run.hit + i];
    }
    loss_total += loss_sum;
    hit_total += hit_sum;
  }
  let sums = vec2f(sum_of_columns(loss_total), sum_of_columns(hit_total));
  score[step.member * SCORE_MEMBER + step.slot] = vec4f(sums / f32(step.rows), 0, 0);
}

// Copies the rows of the batch to where the first layer finds its input.
fn load_batch(step: Step, layer: Layer) {
  let stride = blocks(layer.inputs);
  let o = step.member * ACTIVATION_MEMBER + layer.x;
  for (var i = step.thread; i < BLOCK * blocks(step.rows) * stride; i += THREADS) {
    let row = i / stride;
    let source = order[step.start + min(row, step.rows - 1)];
    activation[o + i] = select(vec4f(), features[source * stride + i % stride], row < step.rows);
  }
}

// Blocks that cover `count` rows or columns.
fn blocks(count: u32) -> u32 {
  return (count + BLOCK - 1u) / BLOCK;
}

// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;

// y = f(x w + b)
fn forward_layer(step: Step, layer: Layer) {
  let count = tiles_down(step.rows) * tiles_across(layer.outputs);
  for (var base = 0u; base < count; base += THREADS) {
    forward_tile(step, layer, base + step.thread);
  }
}

// Tiles that cover so many rows.
fn tiles_down(rows: u32) -> u32 {
  return (blocks(rows) + TILE_ROWS - 1) / TILE_ROWS;
}

// Tiles that cover so many columns; in quads, whole quads of them.
fn tiles_across(columns: u32) -> u32 {
  let tiles = (blocks(columns) + TILE_COLUMNS - 1) / TILE_COLUMNS;
  return select(tiles, (tiles + 3) / 4 * 4, QUAD);
}

fn forward_tile(step: Step, layer: Layer, tile: u32) {
  let row = TILE_ROWS * BLOCK * (tile / tiles_across(layer.outputs));
  let column = TILE_COLUMNS * (tile % tiles_across(layer.outputs));
  // A quad stays together; outside, it computes what nobody writes.
  if (!QUAD && row >= step.rows) {
    return;
  }
  let stride = blocks(layer.outputs);
  let own_column = min(column, stride - 1);
  let next_column = min(own_column + 1, stride - 1) - own_column;
  let rows = left_rows(step.member * ACTIVATION_MEMBER + layer.x, row, step.rows, blocks(layer.inputs));
  var j = step.member * PARAMETER_MEMBER + layer.w + own_column;
  var total = Tile();
  for (var first = 0u; first < blocks(layer.inputs); first += CHUNK) {
    let end = min(first + CHUNK, blocks(layer.inputs));
    var sum = Tile();
    for (var k = first; k < end; k++) {
      var right: Right;
      right.m0 = w_block(j, stride);
      if (TILE_COLUMNS == 2u) {
        right.m1 = w_block(j + next_column, stride);
      }
      add_products(&sum, left_blocks(rows, k), right);
      j += BLOCK * stride;
    }
    add_tile(&total, sum);
  }
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_block(step, layer, row + BLOCK * tile_row(r), column + c, tile_block(&total, r, c));
    }
  }
}

override TILE_ROWS: u32 = 1;

override TILE_COLUMNS: u32 = 1;

// Quads: four threads side by side that share what they load.
//
// Where QUAD is true, the threads of a quad need the same blocks of one factor: each loads a
// quarter of them, and gets the others from its neighbours. It takes WebGPU's subgroups, and
// subgroups of at least four threads that follow each other in x.
override QUAD: bool = false;

// Where the rows begin whose blocks this thread loads, of a matrix of `rows` rows that begins at `i`, for a tile that begins at `row`.
fn left_rows(i: u32, row: u32, rows: u32, stride: u32) -> LeftRows {
  var left: LeftRows;
  left.r0 = block_rows(i, row + BLOCK * own_row(0), rows, stride);
  if (loads_two()) {
    left.r1 = block_rows(i, row + BLOCK * own_row(1), rows, stride);
  }
  return left;
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

fn w_block(j: u32, stride: u32) -> mat4x4f {
  return mat4x4f(parameter[j], parameter[j + stride], parameter[j + 2 * stride], parameter[j + 3 * stride]);
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
    second = activation_block(rows.r1 + k);
  }
  return left_column(activation_block(rows.r0 + k), second);
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

// Where the rows of the blocks begin that a thread loads.
struct LeftRows {
  r0: vec4u,
  r1: vec4u,
}


// The block whose rows begin at these places.
fn activation_block(i: vec4u) -> mat4x4f {
  return mat4x4f(activation[i.x], activation[i.y], activation[i.z], activation[i.w]);
}

// The block of the thread whose lane is this one's with bit 0 flipped; the next two flip bit 1, and both.
fn quad_beside(own: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapX(own[0]), quadSwapX(own[1]), quadSwapX(own[2]), quadSwapX(own[3]));
}

fn quad_below(own: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapY(own[0]), quadSwapY(own[1]), quadSwapY(own[2]), quadSwapY(own[3]));
}

fn quad_across(own: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapDiagonal(own[0]), quadSwapDiagonal(own[1]), quadSwapDiagonal(own[2]), quadSwapDiagonal(own[3]));
}

fn write_block(step: Step, layer: Layer, row: u32, column: u32, products: mat4x4f) {
  let stride = blocks(layer.outputs);
  if (row >= step.rows || column >= stride) {
    return;
  }
  let bias = parameter[step.member * PARAMETER_MEMBER + layer.b + column];
  let z = products + mat4x4f(bias, bias, bias, bias);
  let at = step.member * ACTIVATION_MEMBER + row * stride + column;
  if (layer.keeps != 0u) {
    store_block(at + layer.saved, stride, keep_block(z, row, step.rows, column, layer.outputs));
  }
  let y = activated_block(activation_of(layer), z);
  store_block(at + layer.y, stride, keep_block(y, row, step.rows, column, layer.outputs));
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

fn activated_block(activation: u32, z: mat4x4f) -> mat4x4f {
  return mat4x4f(activated(activation, z[0]), activated(activation, z[1]), activated(activation, z[2]), activated(activation, z[3]));
}

fn store_block(o: u32, stride: u32, block: mat4x4f) {
  activation[o] = block[0];
  activation[o + stride] = block[1];
  activation[o + 2 * stride] = block[2];
  activation[o + 3 * stride] = block[3];
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

fn either(a: mat4x4f, b: mat4x4f, second: bool) -> mat4x4f {
  return mat4x4f(select(a[0], b[0], second), select(a[1], b[1], second), select(a[2], b[2], second), select(a[3], b[3], second));
}

// A tile may stick out at the end: there it has the last rows again.
fn block_rows(i: u32, row: u32, rows: u32, stride: u32) -> vec4u {
  let first = min(row, BLOCK * (blocks(rows) - 1));
  return i + (first + vec4u(0, 1, 2, 3)) * stride;
}

// The block row, within the tile, of the first or second block that a thread loads.
fn own_row(own: u32) -> u32 {
  return select(own, 4 * own + quad_lane, QUAD);
}

// dx = f'(saved) (dz wᵀ), where f is the activation of the layer before; goes to that layer's dz.
fn input_gradient(step: Step, layer: Layer, before: Layer) {
  let count = tiles_down(step.rows) * tiles_across(layer.inputs);
  for (var base = 0u; base < count; base += THREADS) {
    input_tile(step, layer, before, base + step.thread);
  }
}

fn input_tile(step: Step, layer: Layer, before: Layer, tile: u32) {
  let row = TILE_ROWS * BLOCK * (tile / tiles_across(layer.inputs));
  let column = TILE_COLUMNS * (tile % tiles_across(layer.inputs));
  if (!QUAD && row >= step.rows) {
    return;
  }
  let stride = blocks(layer.outputs);
  let own_column = min(column, blocks(layer.inputs) - 1);
  let next_column = min(own_column + 1, blocks(layer.inputs) - 1) - own_column;
  let rows = left_rows(step.member * ACTIVATION_MEMBER + layer.dz, row, step.rows, stride);
  let j = step.member * PARAMETER_MEMBER + layer.w + BLOCK * own_column * stride;
  var total = Tile();
  for (var first = 0u; first < stride; first += CHUNK) {
    let end = min(first + CHUNK, stride);
    var sum = Tile();
    for (var n = first; n < end; n++) {
      var right: Right;
      right.m0 = transposed_weights(j + n, stride);
      if (TILE_COLUMNS == 2u) {
        right.m1 = transposed_weights(j + n + BLOCK * next_column * stride, stride);
      }
      add_products(&sum, left_blocks(rows, n), right);
    }
    add_tile(&total, sum);
  }
  let place = InputPlace(before.saved, before.dz, blocks(layer.inputs), activation_of(before));
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      write_input_block(step, place, row + BLOCK * tile_row(r), column + c, tile_block(&total, r, c));
    }
  }
}

// Where what the layer before saved and the gradient dx lie, the distance between their rows, and that layer's activation.
struct InputPlace {
  saved: u32,
  dx: u32,
  stride: u32,
  activation: u32,
}


fn transposed_weights(j: u32, stride: u32) -> mat4x4f {
  return transpose(mat4x4f(parameter[j], parameter[j + stride], parameter[j + 2 * stride], parameter[j + 3 * stride]));
}

fn write_input_block(step: Step, place: InputPlace, row: u32, column: u32, dy: mat4x4f) {
  let stride = place.stride;
  if (row >= step.rows || column >= stride) {
    return;
  }
  let at = step.member * ACTIVATION_MEMBER + row * stride + column;
  let saved = at + place.saved;
  let dx = at + place.dx;
  // Written out: an index into a matrix that changes in a loop would send it through memory.
  activation[dx] = through(place.activation, dy[0], activation[saved]);
  activation[dx + stride] = through(place.activation, dy[1], activation[saved + stride]);
  activation[dx + 2 * stride] = through(place.activation, dy[2], activation[saved + 2 * stride]);
  activation[dx + 3 * stride] = through(place.activation, dy[3], activation[saved + 3 * stride]);
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

fn slope0(input: vec4f) -> vec4f {
  let z = clamp(input, vec4f(-50), vec4f(50));
  let s = gate(z);
  return s + z * s * (1 - s) * TWICE_ROOT * (1 + 0.134145 * z * z);
}

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

// dw = xᵀ dz and db, leaf by leaf as the chained kernels add them, and the optimiser's step.
fn update_layer(step: Step, layer: Layer) {
  let count = tiles_down(layer.inputs) * tiles_across(layer.outputs);
  for (var base = 0u; base < count; base += THREADS) {
    update_tile(step, layer, base + step.thread);
  }
}

fn update_tile(step: Step, layer: Layer, tile: u32) {
  let row = TILE_ROWS * (tile / tiles_across(layer.outputs));
  let column = TILE_COLUMNS * (tile % tiles_across(layer.outputs));
  if (!QUAD && row >= blocks(layer.inputs)) {
    return;
  }
  let stride = blocks(layer.outputs);
  let own_column = min(column, stride - 1);
  let next_column = min(own_column + 1, stride - 1) - own_column;
  let i = step.member * ACTIVATION_MEMBER + layer.x;
  var j = step.member * ACTIVATION_MEMBER + layer.dz + own_column;
  var total = Tile();
  var biases = Biases();
  for (var leaf = 0u; leaf < blocks(step.rows); leaf += LEAF) {
    let end = min(leaf + LEAF, blocks(step.rows));
    var sum = Tile();
    var bias_sums = Biases();
    for (var m = leaf; m < end; m++) {
      var right: Right;
      right.m0 = dz_block(j, stride);
      if (TILE_COLUMNS == 2u) {
        right.m1 = dz_block(j + next_column, stride);
      }
      add_columns(&bias_sums, right);
      let rows = i + (BLOCK * m + vec4u(0, 1, 2, 3)) * blocks(layer.inputs);
      add_products(&sum, transposed_blocks(rows, row, blocks(layer.inputs) - 1), right);
      j += BLOCK * stride;
    }
    add_tile(&total, sum);
    add_biases(&biases, bias_sums);
  }
  for (var r = 0u; r < TILE_ROWS; r++) {
    for (var c = 0u; c < TILE_COLUMNS; c++) {
      let bias = select(biases.b1, biases.b0, c == 0u);
      update_block(step, layer, row + tile_row(r), column + c, tile_block(&total, r, c), bias);
    }
  }
}

// Columns of db, four for each block column of a tile.
struct Biases {
  b0: vec4f,
  b1: vec4f,
}


fn add_biases(total: ptr<function, Biases>, sums: Biases) {
  (*total).b0 += sums.b0;
  (*total).b1 += sums.b1;
}

fn dz_block(j: u32, stride: u32) -> mat4x4f {
  return mat4x4f(activation[j], activation[j + stride], activation[j + 2 * stride], activation[j + 3 * stride]);
}

// Adds the column sums of a tile's blocks of dz.
fn add_columns(sums: ptr<function, Biases>, right: Right) {
  (*sums).b0 += column_sums(right.m0);
  if (TILE_COLUMNS == 2u) {
    (*sums).b1 += column_sums(right.m1);
  }
}

// Blocks of xᵀ beneath each other from block row `k` on, of which `last` is the last.
fn transposed_blocks(rows: vec4u, k: u32, last: u32) -> Left {
  var second: mat4x4f;
  if (loads_two()) {
    second = transpose(activation_block(rows + min(k + own_row(1), last)));
  }
  return left_column(transpose(activation_block(rows + min(k + own_row(0), last))), second);
}

fn column_sums(block: mat4x4f) -> vec4f {
  return (block[0] + block[1]) + (block[2] + block[3]);
}

fn update_block(step: Step, layer: Layer, row: u32, column: u32, dw: mat4x4f, db: vec4f) {
  let stride = blocks(layer.outputs);
  if (row >= blocks(layer.inputs) || column >= stride) {
    return;
  }
  let place = layer.w + BLOCK * row * stride + column;
  update(step, place, dw[0], true);
  update(step, place + stride, dw[1], true);
  update(step, place + 2 * stride, dw[2], true);
  update(step, place + 3 * stride, dw[3], true);
  if (row == 0u) {
    update(step, layer.b + column, db, false);
  }
}

fn update(step: Step, place: u32, gradient: vec4f, decays: bool) {
  let p = step.member * PARAMETER_MEMBER + place;
  let s = step.member * STATE_MEMBER + place;
  var second: vec4f;
  if (STATES > 1u) {
    second = state[s + COUNT];
  }
  let next = moved(numbers[step.numbers], parameter[p], gradient, decays, f32(step.rows), state[s], second);
  parameter[p] = next.parameter;
  state[s] = next.first;
  if (STATES > 1u) {
    state[s + COUNT] = next.second;
  }
  if (step.last) {
    activation[step.member * ACTIVATION_MEMBER + run.gradient + place] = gradient;
  }
}

override STATES: u32 = 1;

// g = (Σ + λ θ) / M is the gradient of the batch's mean loss; weights decay, biases do not.
fn moved(numbers: Numbers, parameter: vec4f, sum: vec4f, decays: bool, rows: f32, first: vec4f, second: vec4f) -> Moved {
  let decay = select(0, numbers.l2, decays);
  return moved_along(numbers, parameter, (sum + decay * parameter) / rows, first, second);
}

// The same from the gradient of the mean loss itself.
fn moved_along(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  return stepped(OPTIMISER, numbers, parameter - numbers.shrink * parameter, gradient, first, second);
}

fn stepped(optimiser: u32, numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  switch optimiser {
    case OPTIMISER_ADAM: {
      return stepped0(numbers, parameter, gradient, first, second);
    }
    case OPTIMISER_ADAMW: {
      return stepped1(numbers, parameter, gradient, first, second);
    }
    case OPTIMISER_RMSPROP: {
      return stepped2(numbers, parameter, gradient, first, second);
    }
    case OPTIMISER_SGD: {
      return stepped3(numbers, parameter, gradient, first, second);
    }
    case OPTIMISER_ADAGRAD, default: {
      return stepped4(numbers, parameter, gradient, first, second);
    }
  }
}

// The optimiser, one of the constants of package::optimiser, and how many tensors of state it has, laid out like the parameters.
override OPTIMISER: u32;

const OPTIMISER_ADAM = 1u;

const OPTIMISER_ADAMW = 2u;

const OPTIMISER_RMSPROP = 3u;

const OPTIMISER_SGD = 4u;

const OPTIMISER_ADAGRAD = 0u;

fn stepped0(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  let mean = first + numbers.own.x * (gradient - first);
  let square = second + numbers.own.y * (gradient * gradient - second);
  let moved = parameter - numbers.rate * mean / (sqrt(square) * numbers.own.w + numbers.own.z);
  return Moved(moved, mean, square);
}

// Four parameters after a step, and the optimiser's state of them.
struct Moved {
  parameter: vec4f,
  first: vec4f,
  second: vec4f,
}


fn stepped1(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  return stepped0(numbers, parameter, gradient, first, second);
}

fn stepped2(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  let square = first + numbers.own.x * (gradient * gradient - first);
  let velocity = numbers.own.z * second + gradient / (sqrt(square) + numbers.own.y);
  return Moved(parameter - numbers.rate * velocity, square, velocity);
}

fn stepped3(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  let velocity = numbers.own.x * first - numbers.rate * gradient;
  let ahead = numbers.own.y * velocity - numbers.rate * gradient;
  return Moved(parameter + select(velocity, ahead, numbers.own.y > 0), velocity, second);
}

fn stepped4(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  let sum = first + gradient * gradient;
  return Moved(parameter - numbers.rate * gradient / (sqrt(sum) + numbers.own.x), sum, second);
}

fn loss_rows(step: Step, layer: Layer, block_row: u32) {
  if (!QUAD && block_row >= blocks(step.rows)) {
    return;
  }
  let row = BLOCK * min(block_row, blocks(step.rows) - 1);
  let stride = blocks(layer.outputs);
  let i = step.member * ACTIVATION_MEMBER + layer.x + row * blocks(layer.inputs);
  let o = step.member * ACTIVATION_MEMBER + layer.dz + row * stride;
  for (var column = 0u; column < stride; column++) {
    let products = product_block(i, step.member * PARAMETER_MEMBER + layer.w + column, layer);
    let bias = parameter[step.member * PARAMETER_MEMBER + layer.b + column];
    let y = activated_block(OUTPUT_ACTIVATION, products + mat4x4f(bias, bias, bias, bias));
    let block = keep_block(y, row, step.rows, column, layer.outputs);
    if (block_row < blocks(step.rows)) {
      activation[o + column] = block[0];
      activation[o + stride + column] = block[1];
      activation[o + 2 * stride + column] = block[2];
      activation[o + 3 * stride + column] = block[3];
    }
  }
  if (block_row >= blocks(step.rows)) {
    return;
  }
  var loss = vec4f();
  var hit = vec4f();
  for (var r = 0u; r < BLOCK && row + r < step.rows; r++) {
    let label = labels[order[step.start + row + r]];
    let row_score = row_gradient(o + r * stride, label, layer.outputs);
    loss[r] = row_score.x;
    hit[r] = row_score.y;
  }
  let e = step.member * ACTIVATION_MEMBER + block_row;
  activation[e + run.loss] = loss;
  activation[e + run.hit] = hit;
}

// Four rows of the layer's input, which begin at `i`, times a block column of w, which begins at `j`.
fn product_block(i: u32, j: u32, layer: Layer) -> mat4x4f {
  let x_stride = blocks(layer.inputs);
  var total = mat4x4f();
  for (var first = 0u; first < x_stride; first += CHUNK) {
    var sum = mat4x4f();
    for (var k = first; k < min(first + CHUNK, x_stride); k++) {
      let at = i + k;
      let x = mat4x4f(activation[at], activation[at + x_stride], activation[at + 2 * x_stride], activation[at + 3 * x_stride]);
      sum += w_block0(j + BLOCK * k * blocks(layer.outputs), blocks(layer.outputs)) * x;
    }
    total += sum;
  }
  return total;
}

fn w_block0(j: u32, stride: u32) -> mat4x4f {
  if (QUAD) {
    return quad_block(parameter[j + quad_lane * stride]);
  }
  return mat4x4f(parameter[j], parameter[j + stride], parameter[j + 2 * stride], parameter[j + 3 * stride]);
}

// The block whose row of this lane is `row`.
fn quad_block(row: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(row, 0), quadBroadcast(row, 1), quadBroadcast(row, 2), quadBroadcast(row, 3));
}

// Turns the row of y at `o` into its dz; returns its loss and hit.
fn row_gradient(o: u32, label: u32, columns: u32) -> vec2f {
  let stride = blocks(columns);
  var highest = activation[o].x;
  for (var n = 0u; n < stride; n++) {
    highest = row_maximum(highest, activation[o + n], n, columns);
  }
  var sum = 0f;
  var first = columns;
  for (var n = 0u; n < stride; n++) {
    let y = activation[o + n];
    sum += sum_of_columns(keep_columns(exp(y - highest), n, columns));
    first = first_of(first, y, highest, n);
  }
  let at_label = activation[o + label / BLOCK][label % BLOCK];
  for (var n = 0u; n < stride; n++) {
    let y = activation[o + n];
    let dy = softmax_gradient(y, highest, sum, label, n);
    activation[o + n] = keep_columns(through(OUTPUT_ACTIVATION, dy, y), n, columns);
  }
  return vec2f(log(sum) - (at_label - highest), f32(first == label));
}

// The larger of `highest` and the columns of `values` before `columns`; the first of them is 4 `group`.
fn row_maximum(highest: f32, values: vec4f, group: u32, columns: u32) -> f32 {
  let inside = BLOCK * group + vec4u(0, 1, 2, 3) < vec4u(columns);
  let candidates = select(vec4f(highest), values, inside);
  return max(highest, max(max(candidates.x, candidates.y), max(candidates.z, candidates.w)));
}

fn sum_of_columns(values: vec4f) -> f32 {
  return (values.x + values.y) + (values.z + values.w);
}

// `values` with the columns from `columns` on set to zero; its first column is 4 `group`.
fn keep_columns(values: vec4f, group: u32, columns: u32) -> vec4f {
  return select(vec4f(), values, BLOCK * group + vec4u(0, 1, 2, 3) < vec4u(columns));
}

// The smaller of `first` and the first column of `values` that is `highest`; their first column is 4 `group`.
fn first_of(first: u32, values: vec4f, highest: f32, group: u32) -> u32 {
  let columns = BLOCK * group + vec4u(0, 1, 2, 3);
  let found = select(vec4u(first), columns, values == vec4f(highest));
  return min(first, min(min(found.x, found.y), min(found.z, found.w)));
}

// softmax(y) - one_hot(label) for four columns of a row, of which the first is 4 `group`; `sum` is Σ exp(y - highest).
fn softmax_gradient(y: vec4f, highest: f32, sum: f32, label: u32, group: u32) -> vec4f {
  let one_hot = vec4f(BLOCK * group + vec4u(0, 1, 2, 3) == vec4u(label));
  return exp(y - highest) / sum - one_hot;
}
