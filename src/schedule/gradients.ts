// Gradients, read back: partial sums in slots, added as the update adds them.

import type { Device } from '../gpu/device';
import { download } from '../gpu/tensor';
import { valueNames } from '../program/lower';
import type { Memory } from './memory';

/**
 * The gradient of one of a layer's tensors after the last step, [rows, columns] row-major.
 *
 * @param name of the gradient, as `valueNames.dw` or `valueNames.db` gives it
 * @param layer the layer's index from 0
 */
export async function downloadGradient(
  device: Device,
  memory: Memory,
  name: string,
  layer: number,
  member = 0,
): Promise<Float32Array> {
  const sum = await download(device, memory.tensor(name), member);
  const splits = memory.find(valueNames.splits);
  // The naive program fills no slots but the first, and no table.
  const used = splits ? (await download(device, splits, member))[4 * layer + 2]! : 1;
  for (let slot = 1; slot < used; slot++) {
    const part = await download(device, memory.tensor(valueNames.slot(name, slot)), member);
    for (const [i, value] of part.entries()) {
      sum[i]! += value;
    }
  }
  return sum;
}
