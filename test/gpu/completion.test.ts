// Waiting for the GPU in browsers that tell at once that it is done, and in the one that has to be asked.

import { expect, test } from 'vitest';
import { completed } from '../../src/gpu/completion';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** A device that looks whether its work is done only when something is submitted, as Firefox's does, and the promise of that work. */
function lazyDevice(submitsUntilDone: number) {
  let finish: (word: string) => void;
  const promise = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const seen = { submits: 0, scopes: 0, most: 0 };
  const submit = (commands: Iterable<GPUCommandBuffer>): undefined => {
    expect([...commands]).toEqual([]);
    if (++seen.submits === submitsUntilDone) finish('done');
  };
  const gpu = {
    queue: { submit },
    pushErrorScope(): undefined {
      seen.most = Math.max(seen.most, ++seen.scopes);
    },
    async popErrorScope() {
      // Not at once: the submit has a way to go.
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      seen.scopes--;
      return null;
    },
  };
  return { device: { gpu, failure: new Promise<never>(() => undefined) }, promise, seen };
}

test('Firefox is asked until the work is done, one question at a time, and not after', async () => {
  const { device, promise, seen } = lazyDevice(3);
  expect(await completed(device, promise, 1, FIREFOX)).toBe('done');
  // As many pauses later it still has not been asked again.
  const other = lazyDevice(5);
  await completed(other.device, other.promise, 1, FIREFOX);
  expect(seen).toEqual({ submits: 3, scopes: 0, most: 1 });
});

test('Firefox is asked nothing where nothing has to be waited for', async () => {
  const { device, seen } = lazyDevice(1);
  expect(await completed(device, Promise.resolve('done'), 1, FIREFOX)).toBe('done');
  expect(seen.submits).toBe(0);
});

test('Firefox is asked no more once the device is lost', async () => {
  const { device, promise, seen } = lazyDevice(1);
  const failure = Promise.reject(new Error('the device was lost'));
  await expect(completed({ ...device, failure }, promise, 1, FIREFOX)).rejects.toThrow('the device was lost');
  const other = lazyDevice(5);
  await completed(other.device, other.promise, 1, FIREFOX);
  expect(seen.submits).toBe(0);
});

test.each([
  ['Chrome', CHROME, 1],
  ['Node', 'Node.js/22', 1],
  ['Firefox, where the pause is infinite,', FIREFOX, Number.POSITIVE_INFINITY],
])('%s tells by itself, and gets no submit', async (_, userAgent, pause) => {
  const { device, promise, seen } = lazyDevice(1);
  const awaited = completed(device, promise, pause, userAgent);
  // Meanwhile another is asked five times.
  const other = lazyDevice(5);
  await completed(other.device, other.promise, 1, FIREFOX);
  expect(seen.submits).toBe(0);
  device.gpu.queue.submit([]);
  expect(await awaited).toBe('done');
});
