override K: u32;

override N: u32;

override STATE_ROWS: u32; // vec4f of all state of a member

override PLACE: u32;

override GRADIENT_MEMBER: u32 = 0;

override STATE_MEMBER: u32 = 0;

override PARAMETER_MEMBER: u32 = 0;

override WORKGROUP_X: u32 = 64;

@group(0) @binding(0) var<storage, read> numbers: array<Numbers>;

@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;

@group(0) @binding(2) var<storage, read_write> state: array<vec4f>;

@group(0) @binding(3) var<storage, read_write> parameter: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(WORKGROUP_X) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let own = numbers[step.slot * groups.z + id.z];
  for (var i = id.x; i < K * blocks(N); i += groups.x * WORKGROUP_X) {
    let g = gradient[id.z * GRADIENT_MEMBER + i] / f32(step.rows);
    let p = id.z * PARAMETER_MEMBER + i;
    let s = id.z * STATE_MEMBER + PLACE + i;
    var second: vec4f;
    if (STATES > 1u) {
      second = state[s + STATE_ROWS / STATES];
    }
    let next = moved_along(own, parameter[p], g, state[s], second);
    parameter[p] = next.parameter;
    state[s] = next.first;
    if (STATES > 1u) {
      state[s + STATE_ROWS / STATES] = next.second;
    }
  }
}

// The numbers of a step: the host resolves them in float64, one entry for each step of the table and member.
struct Numbers {
  rate: f32, // what the optimiser's direction is multiplied with
  l2: f32, // coefficient of the L2 term; weights have it, biases do not
  shrink: f32, // the part of a parameter that is taken off before the step
  own: vec4f, // the optimiser's own, as its rule in src/nn/optimisers/ says
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

override STATES: u32 = 1;

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

// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;
