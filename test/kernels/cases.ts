// The table of operations: how to make each one's inputs, and what the float64 reference says of them.

import type { OperationKind } from '../../src/program/program';
import { RandomState } from '../../src/base/random';
import { numbersStruct } from '../../src/kernels/structs';
import { type Activation, activations } from '../../src/nn/activations';
import { type Optimiser, optimiser, ruleOf, updateNumbers } from '../../src/nn/optimiser';
import { type OptimiserName, optimisers } from '../../src/nn/optimisers';
import { type Matrix, matrix } from '../../src/reference/matrix';
import * as reference from '../../src/reference/operations';
import type { Binding, OperationCase } from './run-operation';

/** M rows (of at most `capacity`), K inputs, N outputs. */
export interface Sizes {
  readonly M: number;
  readonly capacity: number;
  readonly K: number;
  readonly N: number;
  readonly members: number;
  /** The activation of the layer, or of the layer before. Default sigmoid. */
  readonly activation?: Activation;
  /** Default sgd. */
  readonly optimiser?: OptimiserName;
  /** Whether the quick suite takes them for every kernel. */
  readonly quick?: true;
}

/** An operation with inputs, and its expected outputs by binding and member. */
export interface Case extends OperationCase {
  readonly expected: Readonly<Record<string, readonly ArrayLike<number>[]>>;
}

/** Sizes: ones, a block and a workgroup's tile ± 1, not multiples of four, the tutorial's, a wide one, short batches, members. */
export const SIZES: readonly Sizes[] = [
  { M: 1, capacity: 1, K: 1, N: 1, members: 1, quick: true },
  { M: 3, capacity: 3, K: 5, N: 2, members: 1 },
  { M: 4, capacity: 4, K: 4, N: 4, members: 1 },
  { M: 5, capacity: 5, K: 3, N: 5, members: 2, quick: true },
  { M: 15, capacity: 15, K: 17, N: 15, members: 1 },
  { M: 17, capacity: 17, K: 15, N: 17, members: 3, quick: true },
  { M: 33, capacity: 33, K: 129, N: 31, members: 1, quick: true },
  { M: 2, capacity: 32, K: 50, N: 30, members: 1, quick: true },
  { M: 17, capacity: 32, K: 30, N: 10, members: 2 },
  { M: 721, capacity: 721, K: 64, N: 48, members: 1 },
  { M: 721, capacity: 721, K: 32, N: 10, members: 1 },
  { M: 128, capacity: 128, K: 784, N: 256, members: 1 },
];

/** The optimiser of a member, whose numbers are its own. */
function optimiserOf(kind: OptimiserName, member: number): Optimiser {
  const [learningRate, l2] = [[0.2, 0.05, 0.4][member]!, 0.6 + member];
  return kind === 'sgd'
    ? optimiser({ kind, learningRate, l2, momentum: 0.9 - 0.2 * member, nesterov: member % 2 })
    : optimiser({ kind, learningRate, l2 });
}

/** The step of the training that is tried, of those that bias corrections still see. */
const STEP = 4;
const SHAPE = { stepsAnEpoch: 1, rows: 1 };

/** Sizes that tell variants apart: one with members, a short batch and tiles that stick out; one gathered, of many rows. */
export const TELLING_SIZES: readonly Sizes[] = [
  { M: 17, capacity: 32, K: 15, N: 17, members: 2 },
  { M: 721, capacity: 721, K: 64, N: 48, members: 1 },
];

/** The case of an operation at some sizes, its inputs drawn from the seed. */
export function makeCase(kind: OperationKind, sizes: Sizes, seed = 1): Case {
  return MAKERS[kind](sizes, new Draw(seed, sizes.members));
}

/** Draws float32 inputs, one for each member. */
class Draw {
  readonly #random: RandomState;
  readonly #members: number;

  constructor(seed: number, members: number) {
    this.#random = new RandomState(seed);
    this.#members = members;
  }

  each(rows: number, columns: number, low = -1, high = 1): Matrix[] {
    return Array.from({ length: this.#members }, () => this.one(rows, columns, low, high));
  }

  one(rows: number, columns: number, low = -1, high = 1): Matrix {
    const values = Float64Array.from(this.#random.uniform(low, high, rows * columns), Math.fround);
    return matrix(rows, columns, values);
  }

  labels(rows: number, classes: number): Uint32Array {
    return Uint32Array.from(this.#random.uniform(0, classes, rows), Math.floor);
  }

  permutation(rows: number): Uint32Array {
    return this.#random.permutation(rows);
  }
}

/** An activation of `capacity` rows whose first M are these. */
function input(members: readonly Matrix[], capacity: number): Binding {
  const { columns } = members[0]!;
  const values = members.map(({ data }) => {
    const padded = new Float32Array(capacity * columns);
    padded.set(data);
    return padded;
  });
  return { role: 'activation', rows: capacity, columns, values };
}

function parameter(members: readonly Matrix[]): Binding {
  const { rows, columns } = members[0]!;
  return { role: 'parameter', rows, columns, values: members.map(({ data }) => data) };
}

function shared(values: ArrayLike<number>, rows = 1, columns = values.length): Binding {
  return { role: 'data', rows, columns, values: [values] };
}

function output(role: Binding['role'], rows: number, columns: number, written = rows): Binding {
  return { role, rows, columns, output: true, written: { rows: written, columns } };
}

function numbersOf(kind: OptimiserName, members: number): Binding {
  const { fields, size } = numbersStruct;
  const values = new Float32Array((size / 4) * members);
  for (let member = 0; member < members; member++) {
    const { rate, shrink, own } = updateNumbers(optimiserOf(kind, member), STEP, SHAPE);
    const entry = (size / 4) * member;
    values[entry + fields.rate.offset / 4] = rate;
    values[entry + fields.l2.offset / 4] = optimiserOf(kind, member).l2;
    values[entry + fields.shrink.offset / 4] = shrink;
    values.set(own, entry + fields.own.offset / 4);
  }
  return { role: 'numbers', rows: 1, columns: values.length, values: [values] };
}

/** What an optimiser may remember of parameters: a sum of squares is not negative, and the velocity after it small. */
function drawState(kind: OptimiserName, draw: Draw, rows: number, columns: number): readonly (readonly Matrix[])[] {
  return optimisers[kind].state.map((name) => draw.each(rows, columns, /square|sum/.test(name) ? 0.5 : -1));
}

/** A tensor after the update, member by member, with the tensors of state. */
function updated(
  kind: OptimiserName,
  rows: number,
  theta: readonly Matrix[],
  state: readonly (readonly Matrix[])[],
  gradients: readonly ArrayLike<number>[],
) {
  const results = theta.map((parameter, i) => {
    const own = optimiserOf(kind, i);
    const remembered = state.map((tensor) => tensor[i]!.data);
    const gradient = Float64Array.from(gradients[i]!);
    return reference.update(parameter.data, remembered, gradient, rows, ruleOf(own), updateNumbers(own, STEP, SHAPE));
  });
  return {
    parameter: results.map((result) => result.parameter),
    state: state.map((_, k) => results.map((result) => result.state[k]!)),
  };
}

function finish(
  kind: OperationKind,
  { M, members }: Sizes,
  bindings: Case['bindings'],
  expected: Case['expected'],
): Case {
  return { kind, members, rows: M, bindings, expected };
}

const inPlace = (role: Binding['role'], members: readonly Matrix[]): Binding => ({
  ...parameter(members),
  role,
  output: true,
});

const data = (matrices: readonly Matrix[]) => matrices.map((m) => m.data);
const zip = <A, B, C>(a: readonly A[], b: readonly B[], f: (a: A, b: B, i: number) => C): C[] =>
  a.map((value, i) => f(value, b[i]!, i));

/** Labels for `capacity` rows; the loss and gradients look at the first M. */
const labelsOf = (t: Uint32Array, capacity: number) => {
  const padded = new Uint32Array(capacity);
  padded.set(t);
  return shared(padded);
};

/** Row m of a result for each row of the batch. */
function rowVector(capacity: number, M: number): Binding {
  return { role: 'activation', rows: 1, columns: capacity, output: true, written: { rows: 1, columns: M } };
}

function padRows(members: readonly Matrix[], capacity: number): Binding {
  const values = members.map(({ data }) => {
    const padded = new Float32Array(capacity);
    padded.set(data);
    return padded;
  });
  return { role: 'activation', rows: 1, columns: capacity, values };
}

/** 1 for each row whose first largest column is its label, else 0. */
function rowHits({ rows, columns, data }: Matrix, t: Uint32Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, m) =>
    reference.hits(matrix(1, columns, data.slice(m * columns, (m + 1) * columns)), t.subarray(m, m + 1)),
  );
}

/** A data set and an order, and the batch that a step takes through it. */
function gathered({ M, capacity, K, N }: Sizes, draw: Draw) {
  const rows = capacity + 3;
  const start = 2;
  const features = draw.one(rows, K, 0, 2);
  const labels = draw.labels(rows, N);
  const order = draw.permutation(rows);
  const indices = order.subarray(start, start + M);
  const x = reference.gather(features.data, K, indices);
  const bindings: Record<string, Binding> = {
    x: shared(features.data, rows, K),
    order: shared(order),
    labels: shared(labels),
  };
  return { x: [x], t: Uint32Array.from(indices, (i) => labels[i]!), bindings, start };
}

/** Activations as they lie, and labels through an order. */
function direct({ M, capacity, K, N }: Sizes, draw: Draw, low = 0, high = 2) {
  const x = draw.each(M, K, low, high);
  const labels = draw.labels(capacity, N);
  const order = draw.permutation(capacity);
  const bindings: Record<string, Binding> = { x: input(x, capacity), order: shared(order), labels: shared(labels) };
  return { x, t: Uint32Array.from(order.subarray(0, M), (i) => labels[i]!), bindings, start: 0 };
}

/** What the activation's slope is computed from, when it is applied to these. */
function savedOf(activation: Activation, z: readonly Matrix[]): readonly Matrix[] {
  return activations[activation].saves === 'input' ? z : z.map((z) => reference.activate(activation, z));
}

const MAKERS: Record<OperationKind, (sizes: Sizes, draw: Draw) => Case> = {
  gather(sizes, draw) {
    const { M, capacity, K, N } = sizes;
    const rows = capacity + 3;
    const features = draw.one(rows, K);
    const labels = draw.labels(rows, N);
    const order = draw.permutation(rows);
    const start = 2;
    const indices = order.subarray(start, start + M);
    const bindings: Case['bindings'] = {
      features: shared(features.data, rows, K),
      labels: shared(labels),
      order: shared(order),
      x: output('batch', capacity, K, M),
      t: { role: 'batch', rows: 1, columns: capacity, output: true, written: { rows: 1, columns: M }, integers: true },
    };
    const x = reference.gather(features.data, K, indices).data;
    return { ...finish('gather', sizes, bindings, { x: [x], t: [Array.from(indices, (i) => labels[i]!)] }), start };
  },
  linear(sizes, draw) {
    const { M, capacity, K, N } = sizes;
    const x = draw.each(M, K, 0, 16);
    const w = draw.each(K, N);
    const b = draw.each(1, N);
    return finish(
      'linear',
      sizes,
      { x: input(x, capacity), w: parameter(w), b: parameter(b), z: output('activation', capacity, N, M) },
      { z: zip(x, w, (x, w, i) => reference.linear(x, w, b[i]!.data).data) },
    );
  },
  activate(sizes, draw) {
    const { M, capacity, N, activation = 'sigmoid' } = sizes;
    const z = draw.each(M, N, -40, 40);
    return {
      ...finish(
        'activate',
        sizes,
        { z: input(z, capacity), y: output('activation', capacity, N, M) },
        { y: data(z.map((z) => reference.activate(activation, z))) },
      ),
      flags: { activation },
    };
  },
  softmax(sizes, draw) {
    const { M, capacity, N } = sizes;
    const y = draw.each(M, N, -30, 30);
    return finish(
      'softmax',
      sizes,
      { y: input(y, capacity), p: output('activation', capacity, N, M) },
      { p: data(y.map(reference.softmax)) },
    );
  },
  crossEntropy(sizes, draw) {
    const { M, capacity, N } = sizes;
    const y = draw.each(M, N, -5, 5);
    const t = draw.labels(M, N);
    return finish(
      'crossEntropy',
      sizes,
      { y: input(y, capacity), t: labelsOf(t, capacity), loss: rowVector(capacity, M), hit: rowVector(capacity, M) },
      { loss: y.map((y) => reference.crossEntropy(y, t)), hit: y.map((y) => rowHits(y, t)) },
    );
  },
  meanLoss(sizes, draw) {
    const { M, capacity } = sizes;
    const loss = draw.each(1, M, 0, 3);
    const hit = draw.each(1, M, 0, 1).map((m) => matrix(1, M, m.data.map(Math.round)));
    return finish(
      'meanLoss',
      sizes,
      {
        loss: padRows(loss, capacity),
        hit: padRows(hit, capacity),
        score: { role: 'result', rows: 1, columns: 4, output: true },
      },
      { score: zip(loss, hit, (l, h) => [reference.meanLoss(l.data), reference.meanLoss(h.data), 0, 0]) },
    );
  },
  squareSum(sizes, draw) {
    const w = draw.each(sizes.K, sizes.N);
    return finish(
      'squareSum',
      sizes,
      { w: parameter(w), squares: { role: 'result', rows: 1, columns: 4, output: true } },
      { squares: w.map(({ data }) => [reference.squareSum(data), 0, 0, 0]) },
    );
  },
  softmaxGradient(sizes, draw) {
    const { M, capacity, N } = sizes;
    const p = draw.each(M, N, 0, 1);
    const t = draw.labels(M, N);
    return finish(
      'softmaxGradient',
      sizes,
      { p: input(p, capacity), t: labelsOf(t, capacity), dy: output('activation', capacity, N, M) },
      { dy: p.map((p) => reference.softmaxGradient(p, t).data) },
    );
  },
  activateGradient(sizes, draw) {
    const { M, capacity, N, activation = 'sigmoid' } = sizes;
    const saved = savedOf(activation, draw.each(M, N, -10, 10));
    const dy = draw.each(M, N);
    return {
      ...finish(
        'activateGradient',
        sizes,
        { saved: input(saved, capacity), dy: input(dy, capacity), dz: output('activation', capacity, N, M) },
        { dz: data(zip(saved, dy, (saved, dy) => reference.activateGradient(activation, saved, dy))) },
      ),
      flags: { activation },
    };
  },
  linearInputGradient(sizes, draw) {
    const { M, capacity, K, N } = sizes;
    const dz = draw.each(M, N);
    const w = draw.each(K, N);
    return finish(
      'linearInputGradient',
      sizes,
      { dz: input(dz, capacity), w: parameter(w), dx: output('activation', capacity, K, M) },
      { dx: data(zip(dz, w, reference.linearInputGradient)) },
    );
  },
  linearWeightGradient(sizes, draw) {
    const { M, capacity, K, N } = sizes;
    const x = draw.each(M, K, 0, 16);
    const dz = draw.each(M, N);
    return finish(
      'linearWeightGradient',
      sizes,
      { x: input(x, capacity), dz: input(dz, capacity), dw: output('gradient', K, N) },
      { dw: data(zip(x, dz, reference.linearWeightGradient)) },
    );
  },
  linearBiasGradient(sizes, draw) {
    const dz = draw.each(sizes.M, sizes.N);
    return finish(
      'linearBiasGradient',
      sizes,
      { dz: input(dz, sizes.capacity), db: output('gradient', 1, sizes.N) },
      { db: dz.map(reference.linearBiasGradient) },
    );
  },
  l2(sizes, draw) {
    const { K, N, members } = sizes;
    const w = draw.each(K, N);
    const dw = draw.each(K, N);
    return finish(
      'l2',
      sizes,
      { numbers: numbersOf('sgd', members), w: parameter(w), dw: { ...parameter(dw), role: 'gradient', output: true } },
      { dw: zip(dw, w, (dw, w, i) => reference.l2(dw.data, w.data, optimiserOf('sgd', i).l2)) },
    );
  },
  update(sizes, draw) {
    const { M, K, N, members, optimiser: kind = 'sgd' } = sizes;
    const [theta, state, g] = [draw.each(K, N), drawState(kind, draw, K, N), draw.each(K, N, -50, 50)];
    const after = updated(kind, M, theta, state, data(g));
    return {
      ...finish(
        'update',
        sizes,
        {
          numbers: numbersOf(kind, members),
          gradient: { ...parameter(g), role: 'gradient' },
          ...Object.fromEntries(state.map((tensor, k) => [`state${k}`, inPlace('state', tensor)])),
          parameter: inPlace('parameter', theta),
        },
        {
          parameter: after.parameter,
          ...Object.fromEntries(after.state.map((tensor, k) => [`state${k}`, tensor])),
        },
      ),
      names: { state: 'state' },
      flags: { optimiser: kind, states: state.length },
    };
  },
  denseForward(sizes, draw) {
    const { M, capacity, K, N, members, activation = 'sigmoid' } = sizes;
    // Members share rows of data; one alone has a batch through the order, as the first layer does.
    const gather = members === 1;
    const { x, bindings, start } = gather ? gathered(sizes, draw) : direct(sizes, draw);
    const w = draw.each(K, N, -0.3, 0.3);
    const b = draw.each(1, N);
    const z = w.map((w, i) => reference.linear(x[i]!, w, b[i]!.data));
    const keeps = activations[activation].saves === 'input';
    return {
      ...finish(
        'denseForward',
        sizes,
        {
          ...bindings,
          w: parameter(w),
          b: parameter(b),
          y: output('activation', capacity, N, M),
          ...(keeps ? { z: output('activation', capacity, N, M) } : {}),
        },
        { y: data(z.map((z) => reference.activate(activation, z))), ...(keeps ? { z: data(z) } : {}) },
      ),
      start,
      flags: { gather, activation },
    };
  },
  denseLoss(sizes, draw) {
    const { M, capacity, K, N, members } = sizes;
    const gather = members === 1;
    const { activation = M === 721 ? 'linear' : 'sigmoid' } = sizes;
    const { x, t, bindings, start } = gather ? gathered(sizes, draw) : direct(sizes, draw);
    const w = draw.each(K, N, -0.1, 0.1);
    const b = draw.each(1, N);
    const y = w.map((w, i) => reference.activate(activation, reference.linear(x[i]!, w, b[i]!.data)));
    const gradient = (y: Matrix) => {
      const dy = reference.softmaxGradient(reference.softmax(y), t);
      return reference.activateGradient(activation, y, dy).data;
    };
    return {
      ...finish(
        'denseLoss',
        sizes,
        {
          ...bindings,
          w: parameter(w),
          b: parameter(b),
          dz: output('activation', capacity, N, M),
          loss: rowVector(capacity, M),
          hit: rowVector(capacity, M),
        },
        {
          dz: y.map(gradient),
          loss: y.map((y) => reference.crossEntropy(y, t)),
          hit: y.map((y) => rowHits(y, t)),
        },
      ),
      start,
      flags: { gather, activation },
    };
  },
  denseBackward(sizes, draw) {
    const { M, capacity, K, N, members, activation = 'sigmoid' } = sizes;
    const gather = members === 1 && M !== 721;
    const { x, bindings, start } = gather ? gathered(sizes, draw) : direct(sizes, draw, 0, 1);
    const dz = draw.each(M, N);
    const w = draw.each(K, N);
    const saved = activations[activation].saves === 'input' ? draw.each(M, K, -5, 5) : x;
    const dx = (i: number) => {
      const dy = reference.linearInputGradient(dz[i]!, w[i]!);
      return reference.activateGradient(activation, saved[i]!, dy).data;
    };
    return {
      ...finish(
        'denseBackward',
        sizes,
        {
          x: bindings['x']!,
          order: bindings['order']!,
          dz: input(dz, capacity),
          w: parameter(w),
          b: parameter(draw.each(1, N)),
          ...(gather ? {} : { saved: input(saved, capacity) }),
          dw: output('gradient', K, N),
          db: output('gradient', 1, N),
          ...(gather ? {} : { dx: output('activation', capacity, K, M) }),
        },
        {
          dw: dz.map((dz, i) => reference.linearWeightGradient(x[i]!, dz).data),
          db: dz.map(reference.linearBiasGradient),
          ...(gather ? {} : { dx: dz.map((_, i) => dx(i)) }),
        },
      ),
      start,
      names: { gradient: 'gradient' },
      flags: { gather, ...(gather ? {} : { activation }) },
      slots: M === 721 ? 32 : K < 100 ? 4 : 1,
    };
  },
  updateAll(sizes, draw) {
    const { M, capacity, K, N, members, optimiser: kind = 'sgd' } = sizes;
    const tensors = (low: number, high: number) => ({ w: draw.each(K, N, low, high), b: draw.each(1, N, low, high) });
    const [theta, g] = [tensors(-1, 1), tensors(-50, 50)];
    const state = { w: drawState(kind, draw, K, N), b: drawState(kind, draw, 1, N) };
    const loss = draw.each(1, M, 0, 3);
    const hit = draw.each(1, M, 0, 1).map((m) => matrix(1, M, m.data.map(Math.round)));
    const decayed = theta.w.map((t, i) => reference.l2(g.w[i]!.data, t.data, optimiserOf(kind, i).l2));
    const w = updated(kind, M, theta.w, state.w, decayed);
    const b = updated(kind, M, theta.b, state.b, data(g.b));
    return {
      ...finish(
        'updateAll',
        sizes,
        {
          numbers: numbersOf(kind, members),
          w: inPlace('parameter', theta.w),
          b: inPlace('parameter', theta.b),
          ...Object.fromEntries(
            state.w.flatMap((tensor, k) => [
              [`w.state${k}`, inPlace('state', tensor)],
              [`b.state${k}`, inPlace('state', state.b[k]!)],
            ]),
          ),
          gw: { ...parameter(g.w), role: 'gradient' },
          gb: { ...parameter(g.b), role: 'gradient' },
          loss: padRows(loss, capacity),
          hit: padRows(hit, capacity),
          score: { role: 'result', rows: 1, columns: 4, output: true },
        },
        {
          w: w.parameter,
          b: b.parameter,
          ...Object.fromEntries(
            w.state.flatMap((tensor, k) => [
              [`w.state${k}`, tensor],
              [`b.state${k}`, b.state[k]!],
            ]),
          ),
          score: zip(loss, hit, (l, h) => [reference.meanLoss(l.data), reference.meanLoss(h.data), 0, 0]),
        },
      ),
      names: { parameter: 'parameter', state: 'state', gradient: 'gradient', firstBias: 'b' },
      flags: { optimiser: kind, states: state.w.length },
    };
  },
};
