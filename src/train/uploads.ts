// Writing what the host gives: data, parameters and the optimisers' numbers.

import type { Dataset } from '../data/dataset';
import type { Device } from '../gpu/device';
import { upload } from '../gpu/tensor';
import { optimiserStruct } from '../kernels/structs';
import type { LayerParameters, Network } from '../nn/network';
import type { Optimiser } from '../nn/optimiser';
import { valueNames } from '../program/lower';
import type { Memory } from '../schedule/memory';

/** Writes a split's rows into the memory that holds them. */
export function uploadSplit(device: Device, memory: Memory, split: string, data: Dataset): void {
  upload(device, memory.tensor(valueNames.features(split)), data.features);
  upload(device, memory.tensor(valueNames.labels(split)), data.labels);
}

/** Writes a member's parameters. */
export function uploadParameters(
  device: Device,
  memory: Memory,
  network: Network,
  parameters: readonly LayerParameters[],
  member: number,
): void {
  for (const [i, { name }] of network.layers.entries()) {
    upload(device, memory.tensor(valueNames.w(name)), parameters[i]!.w, member);
    upload(device, memory.tensor(valueNames.b(name)), parameters[i]!.b, member);
  }
}

/** Writes every member's optimiser. */
export function uploadOptimisers(device: Device, memory: Memory, optimisers: readonly Optimiser[]): void {
  const { fields, size } = optimiserStruct;
  const numbers = new Float32Array((size / 4) * optimisers.length);
  for (const [i, { learningRate, momentum, l2 }] of optimisers.entries()) {
    const entry = i * size;
    numbers[(entry + fields.learning_rate.offset) / 4] = learningRate;
    numbers[(entry + fields.momentum.offset) / 4] = momentum;
    numbers[(entry + fields.l2.offset) / 4] = l2;
  }
  upload(device, memory.tensor(valueNames.optimiser), numbers);
}
