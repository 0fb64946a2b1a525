// Waiting for Dawn in Node, with the processor left to others.
//
// Dawn asks in every turn of the event loop whether something it promised is due, and asks for another turn. That keeps
// one core busy, on a machine with two a third of what the software adapter could use.

/** How long a turn of the event loop rests while a promise is awaited, in ms. */
const REST = 0.2;

const NEVER = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Promises awaited. */
let awaited = 0;

/** Whether the next turn rests. */
let resting = false;

/** Lets the event loop rest between its turns while the work of a device is awaited. Called once, after WebGPU's globals are defined. */
export function restWhileWaiting(): void {
  restDuring(GPUBuffer.prototype, 'mapAsync');
  restDuring(GPUQueue.prototype, 'onSubmittedWorkDone');
  restDuring(GPUDevice.prototype, 'createComputePipelineAsync');
}

function restDuring<Name extends string>(
  prototype: { [name in Name]: (...parameters: never[]) => Promise<unknown> },
  name: Name,
): void {
  const method = prototype[name];
  prototype[name] = async function (this: unknown, ...parameters: never[]) {
    const promise = method.apply(this, parameters);
    awaited++;
    // Not itself a reason for the process to stay.
    if (!resting) setImmediate(rest).unref();
    resting = true;
    try {
      return await promise;
    } finally {
      awaited--;
    }
  };
}

function rest(): void {
  resting = awaited > 0;
  if (!resting) return;
  Atomics.wait(NEVER, 0, 0, REST);
  setImmediate(rest).unref();
}
