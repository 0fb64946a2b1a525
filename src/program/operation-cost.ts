// What each operation costs, from its shapes: arithmetic and the traffic that it cannot do without.
//
// Counted for the operation, not for a kernel: a sum starts at zero, so a product of [M, K] and [K, N] is 2 M K N; exp and log count as one;
// comparisons, maxima, negations and addresses as none. Bytes count each number that is read or written once, however often a kernel
// touches it; padding is left out, as no result depends on it.

import type { Operation, Program } from './program';

/** Arithmetic and traffic of one operation, all members together. */
export interface OperationCost {
  readonly flops: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** What a cost depends on beside the program. */
export interface CostOptions {
  /** Rows of the batch. */
  readonly rows: number;
  /** Ranges that the rows are cut into for a layer's parameter gradients, each with a partial sum of its own. Default 1. */
  readonly splits?: (layer: number) => number;
}

/** Bytes of a number, a label or an entry of the row order. */
const BYTES = 4;

/** Learning rate, momentum and L2. */
const OPTIMISER_NUMBERS = 3;

/** Numbers read and written, and operations on them. */
interface Counts {
  readonly flops: number;
  /** Numbers that every member has for itself. */
  readonly read: number;
  readonly written: number;
  /** Numbers that all members share. */
  readonly sharedRead?: number;
  readonly sharedWritten?: number;
}

/** The cost of one operation of a program. */
export function operationCost(program: Program, operation: Operation, options: CostOptions): OperationCost {
  const { members } = program;
  const { flops, read, written, sharedRead = 0, sharedWritten = 0 } = count(program, operation, options);
  // The rows of a batch are gathered once for all members.
  const runs = operation.kind === 'gather' ? 1 : members;
  return {
    flops: runs * flops,
    bytesRead: BYTES * (runs * read + sharedRead),
    bytesWritten: BYTES * (runs * written + sharedWritten),
  };
}

/** The cost of all operations together. */
export function programCost(program: Program, options: CostOptions): OperationCost {
  return sumCosts(program.operations.map((operation) => operationCost(program, operation, options)));
}

export function sumCosts(costs: readonly OperationCost[]): OperationCost {
  return costs.reduce(
    (sum, cost) => ({
      flops: sum.flops + cost.flops,
      bytesRead: sum.bytesRead + cost.bytesRead,
      bytesWritten: sum.bytesWritten + cost.bytesWritten,
    }),
    { flops: 0, bytesRead: 0, bytesWritten: 0 },
  );
}

function count(program: Program, operation: Operation, { rows: M, splits = () => 1 }: CostOptions): Counts {
  const { kind, inputs, outputs } = operation;
  const shape = (binding: string) => {
    const name = inputs[binding] ?? outputs[binding];
    const value = name === undefined ? undefined : program.values.get(name);
    if (!value) {
      throw new Error(`${operation.label} has no value ${binding}`);
    }
    return { rows: value.rows, columns: value.columns, size: value.rows * value.columns };
  };
  /** Numbers of M rows that are read for each member, or once for all where they belong to the batch or the data set. */
  const reads = (binding: string, numbers: number, own: number): Pick<Counts, 'read' | 'sharedRead'> => {
    const role = program.values.get(inputs[binding]!)?.role;
    return role === 'batch' || role === 'data' ? { read: own, sharedRead: numbers } : { read: own + numbers };
  };
  const withLabels = ({ read, sharedRead = 0 }: Pick<Counts, 'read' | 'sharedRead'>, shared: number) => ({
    read,
    sharedRead: sharedRead + shared,
  });
  const order = operation.flags?.['gather'] === true ? M : 0;

  switch (kind) {
    case 'gather': {
      const K = shape('x').columns;
      return { flops: 0, read: M * K + 2 * M, written: M * K + M };
    }
    case 'linear': {
      const { rows: K, columns: N } = shape('w');
      return { flops: 2 * M * K * N + M * N, ...reads('x', M * K, K * N + N), written: M * N };
    }
    case 'sigmoid': {
      const N = shape('y').columns;
      return { flops: 3 * M * N, read: M * N, written: M * N };
    }
    case 'softmax': {
      const N = shape('p').columns;
      return { flops: 4 * M * N, read: M * N, written: M * N };
    }
    case 'crossEntropy': {
      const N = shape('y').columns;
      return { flops: M * (3 * N + 3), read: M * N, sharedRead: M, written: 2 * M };
    }
    case 'meanLoss':
      return { flops: 2 * M + 2, read: 2 * M, written: 2 };
    case 'squareSum':
      return { flops: 2 * shape('w').size, read: shape('w').size, written: 1 };
    case 'softmaxGradient': {
      const N = shape('p').columns;
      return { flops: M * N, read: M * N, sharedRead: M, written: M * N };
    }
    case 'sigmoidGradient': {
      const N = shape('y').columns;
      return { flops: 3 * M * N, read: 2 * M * N, written: M * N };
    }
    case 'linearInputGradient': {
      const { rows: K, columns: N } = shape('w');
      return { flops: 2 * M * K * N, read: M * N + K * N, written: M * K };
    }
    case 'linearWeightGradient': {
      const { rows: K, columns: N } = shape('dw');
      return { flops: 2 * M * K * N, ...reads('x', M * K, M * N), written: K * N };
    }
    case 'linearBiasGradient': {
      const N = shape('db').columns;
      return { flops: M * N, read: M * N, written: N };
    }
    case 'l2': {
      const { size } = shape('w');
      return { flops: 2 * size, read: 2 * size, sharedRead: program.members, written: size };
    }
    case 'update': {
      const { size } = shape('gradient');
      return { flops: 5 * size, read: 3 * size, sharedRead: OPTIMISER_NUMBERS * program.members, written: 2 * size };
    }
    case 'denseForward': {
      const { rows: K, columns: N } = shape('w');
      const activation = operation.flags?.['sigmoid'] ? 3 : 0;
      return {
        flops: 2 * M * K * N + (1 + activation) * M * N,
        ...withLabels(reads('x', M * K, K * N + N), order),
        written: M * N,
      };
    }
    case 'denseLoss': {
      const { rows: K, columns: N } = shape('w');
      const activation = operation.flags?.['sigmoid'] ? 3 : 0;
      // The layer; each row's loss as crossEntropy counts it; then, for dz, softmax without its sum, its gradient and the activation's.
      const flops = 2 * M * K * N + (1 + activation) * M * N + M * (3 * N + 3) + (4 + activation) * M * N;
      // Labels are taken through the order, whether x is or not.
      return { flops, ...withLabels(reads('x', M * K, K * N + N), 2 * M), written: M * N + 2 * M };
    }
    case 'denseBackward': {
      const { rows: K, columns: N } = shape('dw');
      const slots = splits(operation.layer!);
      const toInput = 'dx' in outputs;
      return {
        // A further partial sum costs no addition here; the update makes it.
        flops: 2 * M * K * N + M * N + (toInput ? 2 * M * K * N + 3 * M * K : 0),
        ...withLabels(reads('x', M * K, M * N + (toInput ? K * N : 0)), order),
        written: slots * (K * N + N) + (toInput ? M * K : 0),
      };
    }
    case 'updateAll':
      return countUpdateAll(program, operation, M, splits);
  }
}

function countUpdateAll(program: Program, operation: Operation, M: number, splits: (layer: number) => number): Counts {
  let [flops, gradients, parameters] = [0, 0, 0];
  for (const { name, role, rows, columns } of program.values.values()) {
    if (role === 'parameter') {
      // Weights decay, biases do not; each further slot is an addition.
      const decay = rows > 1 || isWeight(program, operation, name) ? 2 : 0;
      const slots = splits(layerOf(program, name));
      flops += rows * columns * (5 + decay + slots - 1);
      gradients += rows * columns * slots;
      parameters += rows * columns;
    }
  }
  return {
    flops: flops + 2 * M + 2,
    read: gradients + 2 * parameters + 2 * M,
    sharedRead: OPTIMISER_NUMBERS * program.members,
    written: 2 * parameters + 2,
  };
}

/** Whether a parameter lies before the first bias. */
function isWeight(program: Program, operation: Operation, name: string): boolean {
  const names = [...program.values.values()].filter(({ role }) => role === 'parameter').map((value) => value.name);
  return names.indexOf(name) < names.indexOf(operation.inputs['firstBias']!);
}

/** The layer of a parameter: its place among the weights, or among the biases. */
function layerOf(program: Program, name: string): number {
  const names = [...program.values.values()].filter(({ role }) => role === 'parameter').map((value) => value.name);
  return names.indexOf(name) % (names.length / 2);
}
