// The network that `--layers` asks for, checked against the adapter before any memory is taken.

import { formatBytes } from '../base/units';
import { type Device, type Network, UnderglassError } from '../index';

const FLOAT_BYTES = 4;

/**
 * Refuses layers whose weights no buffer of the device can hold.
 *
 * @throws UnderglassError `limit` that names the layer
 */
export function checkWeights({ layers }: Network, device: Device): void {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.gpu.limits;
  const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  for (const { name, inputs, outputs } of layers) {
    const bytes = inputs * outputs * FLOAT_BYTES;
    if (bytes > limit) {
      throw new UnderglassError(
        'limit',
        `${name}: ${inputs} x ${outputs} weights take ${formatBytes(bytes)}, but a buffer of this adapter holds at most ` +
          `${formatBytes(limit)}; use narrower --layers.`,
      );
    }
  }
}
