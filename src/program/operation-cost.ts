// What each operation costs, from its shapes: arithmetic and the traffic that it cannot do without.
//
// Counted for the operation, not for a kernel: a sum starts at zero, so a product of [M, K] and [K, N] is 2 M K N; exp and log count as one;
// comparisons, maxima, negations and addresses as none. Bytes count each number that is read or written once, however often a kernel
// touches it; padding is left out, as no result depends on it.

import { activations } from '../nn/activations';
import { optimisers } from '../nn/optimisers';
import { isPart, requirePart } from '../nn/part';
import type { Operation, OperationKind, Program } from './program';

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

/** Rate, L2, shrink and the optimiser's own four. */
const OPTIMISER_NUMBERS = 7;

/** Numbers read and written, and operations on them. */
interface Counts {
  readonly flops: number;
  /** Numbers that every member has for itself. */
  readonly read: number;
  readonly written: number;
  /** Numbers that all members share. */
  readonly sharedRead?: number;
}

/** The cost of one operation of a program. */
export function operationCost(program: Program, operation: Operation, options: CostOptions): OperationCost {
  const { members } = program;
  const { flops, read, written, sharedRead = 0 } = count(program, operation, options);
  // The rows of a batch are gathered once for all members.
  const runs = operation.kind === 'gather' ? 1 : members;
  return {
    flops: runs * flops,
    bytesRead: BYTES * (runs * read + sharedRead),
    bytesWritten: BYTES * runs * written,
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

/** What a counter looks at. */
interface Sizes {
  readonly program: Program;
  readonly operation: Operation;
  /** Rows of the batch, and the weights' shape as far as the operation has weights or their gradient. */
  readonly M: number;
  readonly K: number;
  readonly N: number;
  readonly splits: (layer: number) => number;
  /** Operations on each number of the activation, and of the way back through it. */
  readonly activation: { readonly value: number; readonly through: number };
}

function count(program: Program, operation: Operation, { rows: M, splits = () => 1 }: CostOptions): Counts {
  const name = MATRICES.map((binding) => operation.outputs[binding] ?? operation.inputs[binding]).find(Boolean);
  const { rows: K = 0, columns: N = 0 } = (name && program.values.get(name)) || {};
  const activation = activationFlops(operation);
  return COUNTERS[operation.kind]({ program, operation, M, K, N, splits, activation });
}

/** Weights of the networks' layers, which lie before the first bias among the parameters. */
function weightCount({ values }: Program, { inputs }: Operation): number {
  const parameters = [...values.values()].filter(({ role }) => role === 'parameter');
  const weights = parameters.findIndex(({ name }) => name === inputs['firstBias']);
  return parameters.slice(0, weights).reduce((sum, { rows, columns }) => sum + rows * columns, 0);
}

/** Bindings whose shape an operation's cost follows from, the first that it has: its weights, or what has their columns. */
const MATRICES = ['w', 'dw', 'db', 'x', 'y', 'p', 'z', 'saved', 'gradient'] as const;

/** Of the operation's activation: its value, and its slope times a gradient. */
function activationFlops({ flags }: Operation): Sizes['activation'] {
  const name = flags?.['activation'];
  if (!isPart(activations, name) || name === 'linear') {
    return { value: 0, through: 0 };
  }
  const { value, slope } = activations[name].flops;
  return { value, through: slope + 1 };
}

const COUNTERS: Readonly<Record<OperationKind, (sizes: Sizes) => Counts>> = {
  gather: ({ M, N: K }) => ({ flops: 0, read: M * K + 2 * M, written: M * K + M }),
  linear: (sizes) => layer(sizes, 0),
  activate: ({ M, N, activation }) => ({ flops: activation.value * M * N, read: M * N, written: M * N }),
  softmax: ({ M, N }) => ({ flops: 4 * M * N, read: M * N, written: M * N }),
  crossEntropy: ({ M, N }) => ({ flops: M * lossFlops(N), read: M * N, sharedRead: M, written: 2 * M }),
  meanLoss: ({ M }) => ({ flops: 2 * M + 2, read: 2 * M, written: 2 }),
  squareSum: ({ program, operation }) => {
    const weights = weightCount(program, operation);
    return { flops: 2 * weights, read: weights, written: 1 };
  },
  softmaxGradient: ({ M, N }) => ({ flops: M * N, read: M * N, sharedRead: M, written: M * N }),
  activateGradient: ({ M, N, activation }) => ({
    flops: activation.through * M * N,
    read: 2 * M * N,
    written: M * N,
  }),
  linearInputGradient: ({ M, K, N }) => ({ flops: 2 * M * K * N, read: M * N + K * N, written: M * K }),
  linearWeightGradient: (sizes) => {
    const { M, K, N } = sizes;
    return { flops: 2 * M * K * N, ...readsInput(sizes, M * N), written: K * N };
  },
  linearBiasGradient: ({ M, N }) => ({ flops: M * N, read: M * N, written: N }),
  l2: ({ program, K, N }) => ({ flops: 2 * K * N, read: 2 * K * N, sharedRead: program.members, written: K * N }),
  update: ({ program, operation, K, N }) => {
    const { flops, states } = updateWork(operation);
    return {
      flops: flops * K * N,
      read: (2 + states) * K * N,
      sharedRead: OPTIMISER_NUMBERS * program.members,
      written: (1 + states) * K * N,
    };
  },
  denseForward: (sizes) => {
    const forward = layer(sizes, sizes.activation.value);
    return 'z' in sizes.operation.outputs ? { ...forward, written: 2 * forward.written } : forward;
  },
  denseLoss: (sizes) => {
    const { M, N, activation } = sizes;
    const forward = layer(sizes, activation.value);
    // Each row's loss; then, for dz, softmax without its sum, its gradient and the activation's.
    return {
      flops: forward.flops + M * lossFlops(N) + (4 + activation.through) * M * N,
      read: forward.read,
      // Labels are taken through the order, whether x is or not.
      sharedRead: (forward.sharedRead ?? 0) + M + (takesThroughOrder(sizes) ? 0 : M),
      written: M * N + 2 * M,
    };
  },
  denseBackward: (sizes) => {
    const { operation, M, K, N, splits, activation } = sizes;
    const toInput = 'dx' in operation.outputs;
    const savesInput = toInput && operation.inputs['saved'] !== operation.inputs['x'];
    return {
      // A further partial sum costs no addition here; the update makes it.
      flops: 2 * M * K * N + M * N + (toInput ? 2 * M * K * N + activation.through * M * K : 0),
      ...readsInput(sizes, M * N + (toInput ? K * N : 0) + (savesInput ? M * K : 0)),
      written: splits(operation.layer!) * (K * N + N) + (toInput ? M * K : 0),
    };
  },
  updateAll: countUpdateAll,
};

/** Operations of an update on each parameter, g / M among them, and tensors of state. */
function updateWork({ flags }: Operation): { readonly flops: number; readonly states: number } {
  const { flops, state } = optimisers[requirePart('optimiser', optimisers, String(flags?.['optimiser']))];
  return { flops: flops + 1, states: state.length };
}

/** For each column a difference, exp and a sum; then log and two differences. */
function lossFlops(N: number): number {
  return 3 * N + 3;
}

/** A dense layer: the product, the bias and so many operations of the activation on each number. */
function layer(sizes: Sizes, activation: number): Counts {
  const { M, K, N } = sizes;
  return { flops: 2 * M * K * N + (1 + activation) * M * N, ...readsInput(sizes, K * N + N), written: M * N };
}

/** Numbers read: M rows of x, once for all members where it is no activation, and `own` others of each member. */
function readsInput(sizes: Sizes, own: number): Pick<Counts, 'read' | 'sharedRead'> {
  const { program, operation, M, K } = sizes;
  if (program.values.get(operation.inputs['x']!)?.role === 'activation') {
    return { read: own + M * K };
  }
  return { read: own, sharedRead: M * K + (takesThroughOrder(sizes) ? M : 0) };
}

function takesThroughOrder({ operation }: Sizes): boolean {
  return operation.flags?.['gather'] === true;
}

function countUpdateAll({ program, operation, M, splits }: Sizes): Counts {
  const parameters = [...program.values.values()].filter(({ role }) => role === 'parameter');
  const weights = parameters.findIndex(({ name }) => name === operation.inputs['firstBias']);
  const { flops: each, states } = updateWork(operation);
  let [flops, gradients, numbers] = [0, 0, 0];
  for (const [i, { rows, columns }] of parameters.entries()) {
    const size = rows * columns;
    // Weights come first, layer by layer, then the biases. Only weights decay: a product and an addition more.
    const slots = splits(i % weights);
    flops += size * (each + (i < weights ? 2 : 0) + slots - 1);
    gradients += size * slots;
    numbers += size;
  }
  return {
    flops: flops + 2 * M + 2,
    read: gradients + (1 + states) * numbers + 2 * M,
    sharedRead: OPTIMISER_NUMBERS * program.members,
    written: (1 + states) * numbers + 2,
  };
}
