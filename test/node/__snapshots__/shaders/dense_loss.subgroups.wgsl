enable subgroups;
// The threads of a quad differ in their rows alone, and every loop's length in none.
diagnostic(off, subgroup_uniformity);

override K: u32;

override N: u32;

override ACTIVATION: u32;

override GATHER: bool = false;

override X_MEMBER: u32 = 0;

override W_MEMBER: u32 = 0;

override B_MEMBER: u32 = 0;

override DZ_MEMBER: u32 = 0;

override LOSS_MEMBER: u32 = 0;

override HIT_MEMBER: u32 = 0;

override ROWS: u32 = 4;

override WORKGROUP_X: u32 = 8;

@group(0) @binding(0) var<storage, read> x: array<vec4f>;

@group(0) @binding(1) var<storage, read> order: array<u32>;

@group(0) @binding(2) var<storage, read> w: array<vec4f>;

@group(0) @binding(3) var<storage, read> b: array<vec4f>;

@group(0) @binding(4) var<storage, read> labels: array<u32>;

@group(0) @binding(5) var<storage, read_write> dz: array<vec4f>;

@group(0) @binding(6) var<storage, read_write> loss: array<f32>;

@group(0) @binding(7) var<storage, read_write> hit: array<f32>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(subgroup_invocation_id) invocation: u32) {
  quad_lane = invocation % 4u;
  let row = ROWS * id.x;
  let padded = BLOCK * blocks(step.rows);
  if (!QUAD && row >= padded) {
    return;
  }
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(step.rows - 1));
  let place = step.start + rows;
  let source = vec4u(order[place.x], order[place.y], order[place.z], order[place.w]);
  let stride = blocks(N);
  let o = id.z * DZ_MEMBER + row * stride;
  let i = id.z * X_MEMBER + select(rows, source, GATHER) * blocks(K);
  for (var column = 0u; column < stride; column++) {
    let j = id.z * W_MEMBER + column;
    let bias = b[id.z * B_MEMBER + column];
    if (ROWS == 1u) {
      let y = activated_block(ACTIVATION, mat4x4f(product_row(i.x, j) + bias, vec4f(), vec4f(), vec4f()));
      if (row < padded) {
        dz[o + column] = keep_block(y, row, step.rows, column, N)[0];
      }
    } else {
      let y = activated_block(ACTIVATION, product_block(i, j) + mat4x4f(bias, bias, bias, bias));
      let block = keep_block(y, row, step.rows, column, N);
      if (row < padded) {
        dz[o + column] = block[0];
        dz[o + stride + column] = block[1];
        dz[o + 2 * stride + column] = block[2];
        dz[o + 3 * stride + column] = block[3];
      }
    }
  }
  if (row >= padded) {
    return;
  }
  for (var r = 0u; r < ROWS; r++) {
    let e = BLOCK * id.z;
    let score = row_gradient(o + r * stride, labels[source[r]], row + r < step.rows);
    loss[e * LOSS_MEMBER + row + r] = score.x;
    hit[e * HIT_MEMBER + row + r] = score.y;
  }
}

// Four rows of x, which begin at `i`, times a block column of w, which begins at `j`.
fn product_block(i: vec4u, j: u32) -> mat4x4f {
  var total = mat4x4f();
  for (var first = 0u; first < blocks(K); first += CHUNK) {
    var sum = mat4x4f();
    for (var k = first; k < min(first + CHUNK, blocks(K)); k++) {
      sum += w_block(j, k) * mat4x4f(x[i.x + k], x[i.y + k], x[i.z + k], x[i.w + k]);
    }
    total += sum;
  }
  return total;
}

// One row of it.
fn product_row(i: u32, j: u32) -> vec4f {
  var total = vec4f();
  for (var first = 0u; first < blocks(K); first += CHUNK) {
    var sum = vec4f();
    for (var k = first; k < min(first + CHUNK, blocks(K)); k++) {
      sum += w_block(j, k) * x[i + k];
    }
    total += sum;
  }
  return total;
}

fn w_block(j: u32, k: u32) -> mat4x4f {
  let stride = blocks(N);
  let i = j + BLOCK * k * stride;
  if (QUAD) {
    return quad_block(w[i + quad_lane * stride]);
  }
  return mat4x4f(w[i], w[i + stride], w[i + 2 * stride], w[i + 3 * stride]);
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


// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;

// Blocks that cover `count` rows or columns.
fn blocks(count: u32) -> u32 {
  return (count + BLOCK - 1u) / BLOCK;
}

// Quads: four threads side by side that share what they load.
//
// Where QUAD is true, the threads of a quad need the same blocks of one factor: each loads a
// quarter of them, and gets the others from its neighbours. It takes WebGPU's subgroups, and
// subgroups of at least four threads that follow each other in x.
override QUAD: bool = false;

// Which of its quad's four threads this one is.
var<private> quad_lane: u32;

fn activated_block(activation: u32, z: mat4x4f) -> mat4x4f {
  return mat4x4f(activated(activation, z[0]), activated(activation, z[1]), activated(activation, z[2]), activated(activation, z[3]));
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

// Turns the row of y at `o` into its dz; returns its loss and hit, zero for a row past the batch.
fn row_gradient(o: u32, label: u32, inside: bool) -> vec2f {
  if (!inside) {
    return vec2f();
  }
  let stride = blocks(N);
  var highest = dz[o].x;
  for (var n = 0u; n < stride; n++) {
    highest = row_maximum(highest, dz[o + n], n, N);
  }
  var sum = 0f;
  var first = N;
  for (var n = 0u; n < stride; n++) {
    let y = dz[o + n];
    sum += sum_of_columns(keep_columns(exp(y - highest), n, N));
    first = first_of(first, y, highest, n);
  }
  let at_label = dz[o + label / BLOCK][label % BLOCK];
  for (var n = 0u; n < stride; n++) {
    let y = dz[o + n];
    let dy = softmax_gradient(y, highest, sum, label, n);
    dz[o + n] = keep_columns(through(ACTIVATION, dy, y), n, N);
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

// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;

// The block whose row of this lane is `row`.
fn quad_block(row: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(row, 0), quadBroadcast(row, 1), quadBroadcast(row, 2), quadBroadcast(row, 3));
}
