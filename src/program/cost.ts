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

/** Bytes of a network's activations and their gradients for a batch, padded to blocks. */
export function activationBytes({ layers }: Network, rows: number): number {
  const blocks = (count: number) => Math.ceil(count / 4);
  return layers.reduce((sum, { outputs }) => sum + 2 * 64 * blocks(rows) * blocks(outputs), 0);
}
