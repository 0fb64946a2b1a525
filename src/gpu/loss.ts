// The loss of a device: what fails because of it, at times before the device says so.

import { UnderglassError } from '../base/errors';
import type { Device } from './device';

/** How long a device may take to say that it was lost, in ms. */
const LAST_WORD = 2000;

/** The loss of the device where that is what made a command fail; else the error itself. */
export async function reasonOf(device: Device, error: unknown): Promise<unknown> {
  if (error instanceof UnderglassError) {
    return error;
  }
  const quiet = new Promise<void>((resolve) => setTimeout(resolve, LAST_WORD));
  return Promise.race([device.failure, quiet]).then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** Whether an error tells that the device was lost. */
export function isLoss(error: unknown): error is UnderglassError {
  return error instanceof UnderglassError && error.code === 'device-lost';
}
