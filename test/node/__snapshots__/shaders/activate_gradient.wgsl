override N: u32;

override ACTIVATION: u32;

override SAVED_MEMBER: u32 = 0;

override DY_MEMBER: u32 = 0;

override DZ_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 4;

override WORKGROUP_Y: u32 = 8;

@group(0) @binding(0) var<storage, read> saved: array<vec4f>;

@group(0) @binding(1) var<storage, read> dy: array<vec4f>;

@group(0) @binding(2) var<storage, read_write> dz: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= blocks(N) || id.y >= BLOCK * blocks(step.rows)) {
    return;
  }
  let i = id.y * blocks(N) + id.x;
  dz[id.z * DZ_MEMBER + i] = through(ACTIVATION, dy[id.z * DY_MEMBER + i], saved[id.z * SAVED_MEMBER + i]);
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
