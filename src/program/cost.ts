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

/** The most slots that the kernels can fill. */
const MOST_SLOTS = 32;

/** Partial sums that each gradient gets memory for: as many as the rows of a batch are worth, and memory allows. */
export function gradientSlots(network: Network, rows: number, members: number): number {
  const wanted = Math.min(MOST_SLOTS, rows / 16, MOST_SLOT_BYTES / (members * parameterBytes(network)));
  return wanted < 2 ? 1 : 2 ** Math.floor(Math.log2(wanted));
}

/** Bytes of a network's activations and their gradients for a batch, padded to blocks. */
export function activationBytes({ layers }: Network, rows: number): number {
  const blocks = (count: number) => Math.ceil(count / 4);
  return layers.reduce((sum, { outputs }) => sum + 2 * 64 * blocks(rows) * blocks(outputs), 0);
}
