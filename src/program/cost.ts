// What a step costs, from its shapes alone.

import type { Network } from '../nn/network';

/**
 * Floating-point operations of one training step: a multiplication and an addition for each
 * weight and row in the forward pass, the weight gradients and the input gradients. The first
 * layer has no input gradient; all that is not a matrix product is left out.
 */
export function stepFlops({ layers }: Network, rows: number): number {
  const weights = layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0);
  const first = layers[0]!.inputs * layers[0]!.outputs;
  return 2 * rows * (3 * weights - first);
}

/** Bytes of the largest tensor that holds a network's parameters, one 32-bit number each, padded to blocks. */
export function parameterBytes({ layers }: Network): number {
  const blocks = (count: number) => Math.ceil(count / 4);
  return layers.reduce((sum, { inputs, outputs }) => sum + 64 * blocks(outputs) * (blocks(inputs) + 1), 0);
}

/** Bytes that partial sums of gradients may take, all members together. */
const MOST_SLOT_BYTES = 2 ** 24;

/** Leaves that the rows of a batch are cut into, at most; and blocks of four rows in one, at least. */
const MOST_LEAVES = 32;
const LEAST_LEAF = 8;

/**
 * Blocks of four rows whose gradients are summed on their own before these sums are added.
 *
 * It depends on the rows of a full batch alone, so that the order of the additions, and with
 * it every bit of a gradient, is the same however the work is spread over threads.
 */
export function gradientLeaf(batchRows: number): number {
  return Math.max(LEAST_LEAF, Math.ceil(Math.ceil(batchRows / 4) / MOST_LEAVES));
}

/** Leaves of a full batch. */
export function leafCount(batchRows: number): number {
  return Math.ceil(Math.ceil(batchRows / 4) / gradientLeaf(batchRows));
}

/** Partial sums that each gradient gets memory for: one a leaf, or where memory is short one for all. */
export function gradientSlots(network: Network, batchRows: number, members: number): number {
  const leaves = leafCount(batchRows);
  return leaves * members * parameterBytes(network) <= MOST_SLOT_BYTES ? leaves : 1;
}

/** Bytes of a network's activations and their gradients for a batch, padded to blocks. */
export function activationBytes({ layers }: Network, rows: number): number {
  const blocks = (count: number) => Math.ceil(count / 4);
  return layers.reduce((sum, { outputs }) => sum + 2 * 64 * blocks(rows) * blocks(outputs), 0);
}
