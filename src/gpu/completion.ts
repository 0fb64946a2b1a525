// Waiting for the GPU to have done what it was given.
//
// Firefox looks only every 100 ms whether a GPU is done (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699), and at each
// submit. So while something is awaited there, one empty submit follows the other.

import type { Device } from './device';

/** What of a device it takes to wait for it. */
interface Awaited extends Pick<Device, 'failure'> {
  readonly gpu: Pick<GPUDevice, 'pushErrorScope' | 'popErrorScope'> & { readonly queue: Pick<GPUQueue, 'submit'> };
}

/**
 * What `work` resolves to, as soon as the GPU has done it; rejects when the device is lost meanwhile.
 *
 * @param work a promise of `mapAsync` or `onSubmittedWorkDone`
 * @param pause ms between two empty submits, each of which takes Firefox up to half a millisecond; infinite for none. Where only
 * `setTimeout` can pause, browsers make it 4 at least.
 */
export async function completed<T>(
  { gpu, failure }: Awaited,
  work: Promise<T>,
  pause = 1,
  userAgent: string = globalThis.navigator?.userAgent ?? '',
): Promise<T> {
  const promise = Promise.race([work, failure]);
  if (!userAgent.includes('Firefox/') || pause === Number.POSITIVE_INFINITY) return promise;
  let isAwaited = true;
  const ask = async (): Promise<void> => {
    for (await rest(pause); isAwaited; await rest(pause)) {
      // The answer of a scope shows that the submit has arrived: more of them than the browser can take would pile up.
      gpu.pushErrorScope('validation');
      gpu.queue.submit([]);
      await gpu.popErrorScope();
    }
  };
  // A lost device may answer no scope; the promise fails then.
  ask().catch(() => undefined);
  return promise.finally(() => {
    isAwaited = false;
  });
}

async function rest(milliseconds: number): Promise<void> {
  if ('scheduler' in globalThis) await scheduler.postTask(() => undefined, { delay: milliseconds });
  else await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
