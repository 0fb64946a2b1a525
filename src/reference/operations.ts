// Every operation of a training step in float64, one pure function each: the oracle that the GPU's results are held to.
//
// Written to be read beside the tutorial's equations: each sum in index order, nothing fused, no input changed. Sizes:
// M rows (examples), K inputs, N outputs.

import { type Activation, activations } from '../nn/activations';
import type { OptimiserRule, UpdateNumbers } from '../nn/optimisers';
import { matrix, type Matrix, requireSame } from './matrix';

/** Rows of `source` [*, K] by index: out[m] = source[indices[m]]. Takes any features, such as a data set's float32. */
export function gather(source: ArrayLike<number>, columns: number, indices: ArrayLike<number>): Matrix {
  const out = matrix(indices.length, columns);
  for (let m = 0; m < out.rows; m++) {
    const from = indices[m]! * columns;
    for (let k = 0; k < columns; k++) out.data[m * columns + k] = source[from + k]!;
  }
  return out;
}

/** z = x w + b: x [M, K], w [K, N], b [N], z [M, N]. */
export function linear(x: Matrix, w: Matrix, b: Float64Array): Matrix {
  requireSame('linear: columns of x and rows of w', x.columns, w.rows);
  requireSame('linear: columns of w and length of b', w.columns, b.length);
  const z = multiply(x, w);
  for (let i = 0; i < z.data.length; i++) z.data[i] = z.data[i]! + b[i % b.length]!;
  return z;
}

/** y = f(z), entry by entry. */
export function activate(activation: Activation, z: Matrix): Matrix {
  return matrix(z.rows, z.columns, z.data.map(activations[activation].value));
}

/** p = exp(y - max) / Σ exp(y - max), row by row; the row's maximum is subtracted first, so that nothing overflows. */
export function softmax(y: Matrix): Matrix {
  const { rows, columns } = y;
  const p = matrix(rows, columns);
  for (let m = 0; m < rows; m++) {
    const from = y.data.subarray(m * columns, (m + 1) * columns);
    const into = p.data.subarray(m * columns, (m + 1) * columns);
    const max = maximum(from);
    let sum = 0;
    for (let n = 0; n < columns; n++) sum += into[n] = Math.exp(from[n]! - max);
    for (let n = 0; n < columns; n++) into[n] = into[n]! / sum;
  }
  return p;
}

/**
 * Each row's loss -log softmax(y)[t], from the classifier's input y [M, N] and labels t [M].
 *
 *   loss[m] = log Σ_n exp(y[m, n] - max) - (y[m, t[m]] - max)
 *
 * Never forms the probability, so it stays exact where that would round to zero.
 */
export function crossEntropy(y: Matrix, labels: ArrayLike<number>): Float64Array {
  requireSame('crossEntropy: rows of y and labels', y.rows, labels.length);
  const { rows, columns } = y;
  const losses = new Float64Array(rows);
  for (let m = 0; m < rows; m++) {
    const from = y.data.subarray(m * columns, (m + 1) * columns);
    const max = maximum(from);
    let sum = 0;
    for (let n = 0; n < columns; n++) sum += Math.exp(from[n]! - max);
    losses[m] = Math.log(sum) - (from[labels[m]!]! - max);
  }
  return losses;
}

/** dy = p - onehot(t): the gradient of the *summed* cross-entropy by the classifier's input. */
export function softmaxGradient(p: Matrix, labels: ArrayLike<number>): Matrix {
  requireSame('softmaxGradient: rows of p and labels', p.rows, labels.length);
  const dy = matrix(p.rows, p.columns, p.data.slice());
  for (let m = 0; m < p.rows; m++) {
    const at = m * p.columns + labels[m]!;
    dy.data[at] = dy.data[at]! - 1;
  }
  return dy;
}

/** dz = f'(saved) dy, entry by entry; saved is the activation's output or its input, as its rule says. */
export function activateGradient(activation: Activation, saved: Matrix, dy: Matrix): Matrix {
  requireSame('activateGradient: rows of saved and dy', saved.rows, dy.rows);
  requireSame('activateGradient: columns of saved and dy', saved.columns, dy.columns);
  const { slope } = activations[activation];
  return matrix(
    saved.rows,
    saved.columns,
    saved.data.map((value, i) => slope(value) * dy.data[i]!),
  );
}

/** dx = dz wᵀ: dz [M, N], w [K, N], dx [M, K]. */
export function linearInputGradient(dz: Matrix, w: Matrix): Matrix {
  requireSame('linearInputGradient: columns of dz and of w', dz.columns, w.columns);
  return multiply(dz, transpose(w));
}

/** dw = xᵀ dz: x [M, K], dz [M, N], dw [K, N]; summed over the rows, not averaged. */
export function linearWeightGradient(x: Matrix, dz: Matrix): Matrix {
  requireSame('linearWeightGradient: rows of x and dz', x.rows, dz.rows);
  return multiply(transpose(x), dz);
}

/** db[n] = Σ_m dz[m, n]: column sums. */
export function linearBiasGradient(dz: Matrix): Float64Array {
  const db = new Float64Array(dz.columns);
  for (let i = 0; i < dz.data.length; i++) {
    const n = i % dz.columns;
    db[n] = db[n]! + dz.data[i]!;
  }
  return db;
}

/** dw + λ w: the weight gradient with the penalty's, both as sums; the division by N is `update`'s. */
export function l2(dw: Float64Array, w: Float64Array, lambda: number): Float64Array {
  requireSame('l2: lengths of dw and w', dw.length, w.length);
  return dw.map((value, i) => value + lambda * w[i]!);
}

/** One parameter tensor after an update, with its optimiser's state. */
export interface Updated {
  readonly parameter: Float64Array;
  /** In the order of the rule's `state`. */
  readonly state: readonly Float64Array[];
}

/**
 * θ, state <- the optimiser's step along g / N; g is a sum over the N rows of the batch.
 *
 * Here, and only here, the division by N enters.
 */
export function update(
  parameter: Float64Array,
  state: readonly Float64Array[],
  gradient: Float64Array,
  rows: number,
  rule: OptimiserRule,
  numbers: UpdateNumbers,
): Updated {
  for (const tensor of state) requireSame('update: lengths of parameter and state', parameter.length, tensor.length);
  requireSame('update: lengths of parameter and gradient', parameter.length, gradient.length);
  const next = state.map((tensor) => tensor.slice());
  const moved = parameter.map((value, i) => {
    const own = next.map((tensor) => tensor[i]!);
    const result = rule.step(value, gradient[i]! / rows, own, numbers);
    for (const [k, tensor] of next.entries()) tensor[i] = own[k]!;
    return result;
  });
  return { parameter: moved, state: next };
}

/** The mean of the row losses. */
export function meanLoss(losses: Float64Array): number {
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Σ w²: of one weight tensor, as the L2 penalty adds them up. */
export function squareSum(w: Float64Array): number {
  return w.reduce((sum, value) => sum + value * value, 0);
}

/** The number of rows whose largest entry is at their label; of equal entries the first counts. */
export function hits(y: Matrix, labels: ArrayLike<number>): number {
  requireSame('hits: rows of y and labels', y.rows, labels.length);
  let count = 0;
  for (let m = 0; m < y.rows; m++) {
    const start = m * y.columns;
    let best = 0;
    for (let n = 1; n < y.columns; n++) {
      if (y.data[start + n]! > y.data[start + best]!) best = n;
    }
    if (best === labels[m]) count++;
  }
  return count;
}

/**
 * a b: a [M, K], b [K, N]. Each sum runs over k in order.
 *
 * Four sums at a time stay in registers, which makes it several times faster than one by one and changes no result.
 */
function multiply(a: Matrix, b: Matrix): Matrix {
  const { rows: M, columns: K } = a;
  const N = b.columns;
  const out = matrix(M, N);
  for (let n = 0; n + 4 <= N; n += 4) {
    for (let m = 0; m < M; m++) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0, i = m * K, j = n; k < K; k++, i++, j += N) {
        const factor = a.data[i]!;
        s0 += factor * b.data[j]!;
        s1 += factor * b.data[j + 1]!;
        s2 += factor * b.data[j + 2]!;
        s3 += factor * b.data[j + 3]!;
      }
      out.data.set([s0, s1, s2, s3], m * N + n);
    }
  }
  for (let n = N - (N % 4); n < N; n++) {
    for (let m = 0; m < M; m++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a.data[m * K + k]! * b.data[k * N + n]!;
      out.data[m * N + n] = sum;
    }
  }
  return out;
}

function transpose(a: Matrix): Matrix {
  const out = matrix(a.columns, a.rows);
  for (let m = 0; m < a.rows; m++) {
    for (let n = 0; n < a.columns; n++) out.data[n * a.rows + m] = a.data[m * a.columns + n]!;
  }
  return out;
}

function maximum(values: Float64Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > max) max = value;
  return max;
}
