// Writing what the host gives: data and parameters.

import type { Dataset } from '../data/dataset';
import type { Device } from '../gpu/device';
import { upload } from '../gpu/tensor';
import type { LayerParameters, Network } from '../nn/network';
import { valueNames } from '../program/lower';
import type { Memory } from '../schedule/memory';

/** Writes a split's rows into the memory that holds them. */
export function uploadSplit(device: Device, memory: Memory, split: string, data: Dataset): void {
  upload(device, memory.tensor(valueNames.features(split)), data.features);
  upload(device, memory.tensor(valueNames.labels(split)), data.labels);
}

/**
 * Writes a member's parameters, or a tensor of state that is laid out like them.
 *
 * @param nameOf the tensor's name, of the parameter's
 */
export function uploadParameters(
  device: Device,
  memory: Memory,
  network: Network,
  values: readonly LayerParameters[],
  member: number,
  nameOf: (parameter: string) => string = (parameter) => parameter,
): void {
  for (const [i, { name }] of network.layers.entries()) {
    upload(device, memory.tensor(nameOf(valueNames.w(name))), values[i]!.w, member);
    upload(device, memory.tensor(nameOf(valueNames.b(name))), values[i]!.b, member);
  }
}
