// Rest between Dawn's looks at the GPU, so that waiting for it leaves the processor to those who work.
//
// While a promise of Dawn's is open, Node asks in every turn of its loop whether it is done, without a pause: a whole core
// spent on asking, which a software adapter needs for its kernels. Measured on two cores, training the tutorial's network
// on SwiftShader: 21 steps/s without a rest, 38 with one.

/** Long enough to free the core, short beside the 30 ms that a submit takes. */
const REST_MS = 0.2;

let started = false;

/** Makes every turn of Node's loop in which Dawn looks at the GPU take at least {@link REST_MS}; for the whole process. */
export function restWhileWaiting(): void {
  if (started) return;
  started = true;
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  const rest = (): void => {
    Atomics.wait(nothing, 0, 0, REST_MS);
    // Without a reference it runs only in turns that something else asked for, and does not keep the process alive.
    setImmediate(rest).unref();
  };
  setImmediate(rest).unref();
}
