// Costs of operations against hand counts and against loops that count themselves.

import { describe, expect, test } from 'vitest';
import { denseNetwork } from '../../src/nn/network';
import { fuse } from '../../src/program/fuse';
import { lowerStep, lowerWeightSquares } from '../../src/program/lower';
import { type CostOptions, operationCost, programCost } from '../../src/program/operation-cost';
import type { Program } from '../../src/program/program';

const M = 5;

function program(members = 1, gradientSlots = 1): Program {
  const network = denseNetwork([4, 3, 2]);
  const sizes = { data: 'train', dataRows: 20, batchRows: M, orderRows: 20, slots: 4, members, gradientSlots };
  return lowerStep({ network, ...sizes });
}

function cost(of: Program, label: string, options: Partial<CostOptions> = {}) {
  const operation = of.operations.find((candidate) => candidate.label === label);
  expect(operation, label).toBeDefined();
  const { flops, bytesRead, bytesWritten } = operationCost(of, operation!, { rows: M, ...options });
  // In numbers of four bytes, as hands count.
  return [flops, bytesRead / 4, bytesWritten / 4];
}

// Layers 4-3 and 3-2, five rows: all counts by hand. An update reads seven numbers of its optimiser.
test.each([
  ['gather batch', 0, 5 * 4 + 5 + 5, 5 * 4 + 5],
  ['dense1 linear', 2 * 60 + 15, 20 + 12 + 3, 15],
  ['dense1 sigmoid', 45, 15, 15],
  ['cross-entropy', 5 * 9, 10 + 5, 10],
  ['mean loss', 12, 10, 2],
  ['softmax', 40, 10, 10],
  ['softmax gradient', 10, 10 + 5, 10],
  ['dense2 sigmoid gradient', 30, 20, 10],
  ['dense2 weight gradient', 60, 15 + 10, 6],
  ['dense2 bias gradient', 10, 10, 2],
  ['dense2 input gradient', 60, 10 + 6, 15],
  ['dense1 L2', 24, 24 + 1, 12],
  ['dense1 weight update', 60, 36 + 7, 24],
  ['dense1 bias update', 15, 9 + 7, 6],
])('%s', (label, ...expected) => {
  expect(cost(program(), label)).toEqual(expected);
});

// Fused: x is taken through the order, so five entries of it are read beside.
test.each([
  ['dense1 forward', 120 + 15 + 45, 20 + 5 + 12 + 3, 15],
  ['dense2 loss', 60 + 10 + 30 + 45 + 40 + 30, 15 + 6 + 2 + 10, 10 + 10],
  ['dense2 backward', 60 + 10 + 60 + 45, 15 + 10 + 6, 6 + 2 + 15],
  ['dense1 backward', 120 + 15, 20 + 5 + 15, 12 + 3],
  ['update', 5 * 23 + 2 * 18 + 12, 3 * 23 + 10 + 7, 2 * 23 + 2],
])('fused: %s', (label, ...expected) => {
  expect(cost(fuse(program()), label)).toEqual(expected);
});

test('the squared length of weights', () => {
  expect(cost(lowerWeightSquares(denseNetwork([4, 3]), 1), 'weight squares')).toEqual([24, 12, 1]);
});

test('a gradient in slots is written and added once for each', () => {
  const fused = fuse(program(1, 2));
  const splits = (layer: number) => (layer === 0 ? 2 : 1);
  expect(cost(fused, 'dense1 backward', { splits })).toEqual([135, 40, 30]);
  expect(cost(fused, 'update', { splits })).toEqual([163 + 15, 86 + 15, 48]);
});

describe('members', () => {
  test('multiply what is theirs, and share the batch', () => {
    const [one, three] = [program(), program(3)].map((naive) => cost(fuse(naive), 'dense1 forward'));
    expect(three).toEqual([3 * one![0]!, 25 + 3 * 15, 3 * one![2]!]);
    expect(cost(program(3), 'gather batch')).toEqual(cost(program(), 'gather batch'));
  });
});

test('a short batch costs less', () => {
  const naive = program();
  expect(programCost(naive, { rows: 2 }).flops).toBeLessThan(programCost(naive, { rows: 5 }).flops);
});

test('the matrix products of a step agree with loops that count themselves', () => {
  let additions = 0;
  let products = 0;
  const loop = (rows: number, inner: number, columns: number) => {
    for (let m = 0; m < rows; m++) {
      for (let n = 0; n < columns; n++) {
        for (let k = 0; k < inner; k++) {
          products++;
          additions++;
        }
      }
    }
  };
  const sizes = [64, 48, 32, 10];
  const network = denseNetwork(sizes);
  for (let layer = 0; layer < 3; layer++) {
    const [K, N] = [sizes[layer]!, sizes[layer + 1]!];
    loop(M, K, N);
    loop(K, M, N);
    if (layer > 0) {
      loop(M, N, K);
    }
  }
  const whole = lowerStep({ network, data: 'train', dataRows: 9, batchRows: M, orderRows: 9, slots: 1, members: 1 });
  const kinds = ['linear', 'linearWeightGradient', 'linearInputGradient'];
  const flops = whole.operations
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, operation) => sum + operationCost(whole, operation, { rows: M }).flops, 0);
  // linear adds its bias beside the product.
  const biases = M * (48 + 32 + 10);
  expect(flops - biases).toBe(additions + products);
});
