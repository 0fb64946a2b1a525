import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { ACTIVATIONS, activations } from '../../src/nn/activations';
import { optimisers } from '../../src/nn/optimisers';
import { matrix, type Matrix } from '../../src/reference/matrix';
import * as op from '../../src/reference/operations';
import { expectClose } from '../support/close';
import { expectError } from '../support/errors';

function from(rows: number[][]): Matrix {
  return matrix(rows.length, rows[0]?.length ?? 0, Float64Array.from(rows.flat()));
}

function normal(random: RandomState, rows: number, columns: number): Matrix {
  return matrix(rows, columns, random.standardNormal(rows * columns));
}

const X = from([
  [1, 2],
  [3, 4],
  [5, 6],
]);
const W = from([
  [1, 0, -1],
  [2, 1, 0.5],
]);

test('the products are the products, by hand', () => {
  const z = op.linear(X, W, Float64Array.of(10, 20, 30));
  expect(z).toEqual(
    from([
      [15, 22, 30],
      [21, 24, 29],
      [27, 26, 28],
    ]),
  );
  const dz = from([
    [1, 0, 2],
    [0, 1, 0],
    [1, 1, 1],
  ]);
  expect(op.linearInputGradient(dz, W)).toEqual(
    from([
      [-1, 3],
      [0, 1],
      [0, 3.5],
    ]),
  );
  expect(op.linearWeightGradient(X, dz)).toEqual(
    from([
      [6, 8, 7],
      [8, 10, 10],
    ]),
  );
  expect(Array.from(op.linearBiasGradient(dz))).toEqual([2, 2, 3]);
});

test('gather takes rows by index', () => {
  expect(op.gather(X.data, 2, [2, 0])).toEqual(
    from([
      [5, 6],
      [1, 2],
    ]),
  );
});

test('the sigmoid keeps to (0, 1) and to its symmetry, and never overflows', () => {
  const y = op.activate('sigmoid', from([[-1000, -2, 0, 2, 1000]])).data;
  expect(y[0]).toBe(0);
  expect(y[1]! + y[3]!).toBeCloseTo(1, 15);
  expect(y[2]).toBe(0.5);
  expect(y[4]).toBe(1);
});

test('softmax rows sum to one and ignore a shift; the cross-entropy is minus the logarithm of the label', () => {
  const random = new RandomState(2);
  const y = normal(random, 6, 10);
  const labels = [0, 9, 3, 3, 1, 7];
  const p = op.softmax(y);
  const shifted = matrix(
    6,
    10,
    y.data.map((v) => v + 700),
  );
  expectClose(op.softmax(shifted).data, p.data, 1e-12); // y + 700 keeps 13 digits of y
  const losses = op.crossEntropy(y, labels);
  labels.forEach((label, m) => {
    const row = p.data.subarray(m * 10, m * 10 + 10);
    expect(row.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 14);
    expect(losses[m]).toBeCloseTo(-Math.log(row[label]!), 13);
  });
});

test('the cross-entropy stays exact where the probability rounds to zero', () => {
  const y = from([[0, 2000]]);
  expect(op.softmax(y).data[0]).toBe(0);
  expect(op.crossEntropy(y, [0])[0]).toBe(2000);
});

test('softmaxGradient is the derivative of the summed cross-entropy', () => {
  const y = normal(new RandomState(4), 3, 5);
  const labels = [4, 0, 2];
  const loss = (data: Float64Array) => op.crossEntropy(matrix(3, 5, data), labels).reduce((a, b) => a + b, 0);
  expectClose(op.softmaxGradient(op.softmax(y), labels).data, differences(loss, y.data), 1e-9);
});

test.each(ACTIVATIONS)('activateGradient is the derivative of %s', (activation) => {
  const random = new RandomState(6);
  const z = normal(random, 4, 3);
  const dy = normal(random, 4, 3);
  const y = op.activate(activation, z);
  const loss = (data: Float64Array) =>
    op.activate(activation, matrix(4, 3, data)).data.reduce((sum, value, i) => sum + value * dy.data[i]!, 0);
  const saved = activations[activation].saves === 'input' ? z : y;
  expectClose(op.activateGradient(activation, saved, dy).data, differences(loss, z.data), 1e-9);
});

test('the linear gradients are the derivatives of the linear operation, whatever its sizes', () => {
  const size = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(size, size, size, fc.nat(), (M, K, N, seed) => {
      const random = new RandomState(seed);
      const [x, w, dz] = [normal(random, M, K), normal(random, K, N), normal(random, M, N)];
      const b = random.standardNormal(N);
      const inner = (z: Matrix) => z.data.reduce((sum, value, i) => sum + value * dz.data[i]!, 0);
      // The loss is linear in each input, so differences have no truncation error; rounding leaves about 1e-10.
      const dx = differences((data) => inner(op.linear(matrix(M, K, data), w, b)), x.data);
      const dw = differences((data) => inner(op.linear(x, matrix(K, N, data), b)), w.data);
      const db = differences((data) => inner(op.linear(x, w, data)), b);
      expectClose(op.linearInputGradient(dz, w).data, dx, 1e-6);
      expectClose(op.linearWeightGradient(x, dz).data, dw, 1e-6);
      expectClose(op.linearBiasGradient(dz), db, 1e-6);
    }),
    { numRuns: 30 },
  );
});

test('the penalty adds λ w to a sum, and the update divides by the rows once', () => {
  expect(Array.from(op.l2(Float64Array.of(1, 2), Float64Array.of(10, -10), 0.5))).toEqual([6, -3]);
  const numbers = { rate: 0.25, shrink: 0, own: [0.5, 0, 0, 0] } as const;
  const { parameter, state } = op.update(
    Float64Array.of(1),
    [Float64Array.of(4)],
    Float64Array.of(8),
    2,
    optimisers.sgd,
    numbers,
  );
  expect([state[0]![0], parameter[0]]).toEqual([0.5 * 4 - 0.25 * (8 / 2), 1 + 1]);
});

test('operations leave their inputs alone', () => {
  const y = from([[1, 2, 3]]);
  const p = op.softmax(y);
  const before = p.data.slice();
  op.softmaxGradient(p, [1]);
  op.update(p.data, [p.data], p.data, 1, optimisers.sgd, { rate: 1, shrink: 0, own: [0.5, 0, 0, 0] });
  op.l2(p.data, p.data, 1);
  expect(p.data).toEqual(before);
  expect(y).toEqual(from([[1, 2, 3]]));
});

test('of equal outputs the first counts', () => {
  const y = from([
    [1, 3, 3],
    [2, 2, 2],
    [0, 1, 2],
  ]);
  expect(op.hits(y, [1, 0, 2])).toBe(3);
  expect(op.hits(y, [2, 1, 2])).toBe(1);
});

test('meanLoss and squareSum are what they say', () => {
  expect(op.meanLoss(Float64Array.of(1, 2, 6))).toBe(3);
  expect(op.squareSum(Float64Array.of(3, -4))).toBe(25);
});

test('sizes that do not fit are named', () => {
  const b = Float64Array.of(0, 0, 0);
  expectError(() => op.linear(W, W, b), 'shape', /linear: columns of x and rows of w must agree, but are 3 and 2/);
  expectError(() => op.linear(X, W, Float64Array.of(0)), 'shape', /length of b/);
  expectError(() => op.crossEntropy(X, [0]), 'shape', /rows of y and labels/);
  expectError(() => op.linearInputGradient(X, W), 'shape', /linearInputGradient/);
  expectError(() => op.linearWeightGradient(X, W), 'shape', /linearWeightGradient/);
  expectError(() => matrix(2, 2, new Float64Array(3)), 'shape', /3 numbers do not fill a matrix of \[2, 2\]/);
});

function differences(f: (x: Float64Array) => number, at: Float64Array, h = 1e-5): Float64Array {
  return at.map((_, i) => {
    const moved = (by: number) => f(at.map((value, k) => (k === i ? value + by : value)));
    return (moved(h) - moved(-h)) / (2 * h);
  });
}
