override N: u32;

override ACTIVATION: u32;

override Z_MEMBER: u32 = 0;

override Y_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 4;

override WORKGROUP_Y: u32 = 8;

@group(0) @binding(0) var<storage, read> z: array<vec4f>;

@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  if (id.x >= blocks(N) || row >= BLOCK * blocks(step.rows)) {
    return;
  }
  let i = row * blocks(N) + id.x;
  let values = keep_columns(activated(ACTIVATION, z[id.z * Z_MEMBER + i]), id.x, N);
  y[id.z * Y_MEMBER + i] = select(vec4f(), values, row < step.rows);
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

// `values` with the columns from `columns` on set to zero; its first column is 4 `group`.
fn keep_columns(values: vec4f, group: u32, columns: u32) -> vec4f {
  return select(vec4f(), values, BLOCK * group + vec4u(0, 1, 2, 3) < vec4u(columns));
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
