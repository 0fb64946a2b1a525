override COUNT: u32;

override DECAYED: u32;

override SLOTS: u32 = 1;

override SPLITS: u32 = 0; // where the table of splits begins among the gradients

override LAYERS: u32 = 1; // its entries

override GRADIENT_MEMBER: u32 = 0;

override STATE_MEMBER: u32 = 0;

override PARAMETER_MEMBER: u32 = 0;

override LOSS_MEMBER: u32 = 0;

override HIT_MEMBER: u32 = 0;

override SCORE_MEMBER: u32 = 0;

override THREADS: u32 = 64;

@group(0) @binding(0) var<storage, read> numbers: array<Numbers>;

@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;

@group(0) @binding(2) var<storage, read_write> state: array<vec4f>;

@group(0) @binding(3) var<storage, read_write> parameter: array<vec4f>;

@group(0) @binding(4) var<storage, read> loss: array<vec4f>;

@group(0) @binding(5) var<storage, read> hit: array<vec4f>;

@group(0) @binding(6) var<storage, read_write> score: array<vec4f>;

@group(1) @binding(0) var<uniform> step: Step;

@compute @workgroup_size(THREADS) fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let updating = groups.x - 1;
  if (group.x == updating) {
    if (thread == 0u) {
      write_score(group.z);
    }
    return;
  }
  let own = numbers[step.slot * groups.z + group.z];
  let g = group.z * GRADIENT_MEMBER;
  let layers = layers_to_search(g);
  for (var i = group.x * THREADS + thread; i < COUNT; i += updating * THREADS) {
    let p = group.z * PARAMETER_MEMBER + i;
    let s = group.z * STATE_MEMBER + i;
    var second: vec4f;
    if (STATES > 1u) {
      second = state[s + COUNT];
    }
    let next = moved(own, parameter[p], summed_gradient(i, g, layers), i < DECAYED, f32(step.rows), state[s], second);
    parameter[p] = next.parameter;
    state[s] = next.first;
    if (STATES > 1u) {
      state[s + COUNT] = next.second;
    }
  }
}

// Of how many layers the table of splits is to be searched: of none where no layer has filled a second slot.
fn layers_to_search(g: u32) -> u32 {
  var most = 1.0;
  if (SLOTS > 1u) {
    for (var layer = 0u; layer < LAYERS; layer++) {
      most = max(most, gradient[g + SPLITS + layer].z);
    }
  }
  return select(0u, LAYERS, most > 1);
}

// The gradient of the parameters at `i`, for the member whose gradients begin at `g`.
fn summed_gradient(i: u32, g: u32, layers: u32) -> vec4f {
  var sum = gradient[g + i];
  if (SLOTS > 1u) {
    let slots = slots_used(i, g, layers);
    for (var slot = 1u; slot < slots; slot++) {
      sum += gradient[g + slot * COUNT + i];
    }
  }
  return sum;
}

// The slots that the layer of the parameters at `i` has filled. A layer's entry holds where its
// weights and its biases end, and that number.
fn slots_used(i: u32, g: u32, layers: u32) -> u32 {
  var entry = vec4f();
  for (var layer = 0u; layer < layers; layer++) {
    entry = gradient[g + SPLITS + layer];
    if (f32(i) < select(entry.y, entry.x, i < DECAYED)) {
      break;
    }
  }
  return min(u32(entry.z), SLOTS);
}

// One thread adds all rows, four at a time, while the others update: a barrier would cost more.
fn write_score(member: u32) {
  var loss_total = vec4f();
  var hit_total = vec4f();
  for (var first = 0u; first < blocks(step.rows); first += CHUNK) {
    var loss_sum = vec4f();
    var hit_sum = vec4f();
    for (var i = first; i < min(first + CHUNK, blocks(step.rows)); i++) {
      loss_sum += loss[member * LOSS_MEMBER + i];
      hit_sum += hit[member * HIT_MEMBER + i];
    }
    loss_total += loss_sum;
    hit_total += hit_sum;
  }
  let sums = vec2f(sum_of_columns(loss_total), sum_of_columns(hit_total));
  score[member * SCORE_MEMBER + step.slot] = vec4f(sums / f32(step.rows), 0, 0);
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

fn sum_of_columns(values: vec4f) -> f32 {
  return (values.x + values.y) + (values.z + values.w);
}

// Blocks that cover `count` rows or columns.
fn blocks(count: u32) -> u32 {
  return (count + BLOCK - 1u) / BLOCK;
}

// Long sums run in chunks of this many blocks, each chunk summed on its own and then added:
// the rounding error grows with the square root of the chunk's length, not of the sum's.
const CHUNK = 32u;

// The unit of work: a 4x4 block of a row-major matrix, held as a mat4x4f whose columns are
// the block's rows.
//
// Row strides and row counts are padded to multiples of four with zeros, so every load is a
// whole vec4f. With a, b the blocks of A, B held this way, the block product A B is b * a;
// transpose(a) stands for the block of the transposed matrix.
const BLOCK = 4u;
