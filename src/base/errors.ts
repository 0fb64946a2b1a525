// The one error class of the project, and the list of its codes.
//
// Every error that Underglass raises on purpose is an UnderglassError. Its message is one sentence for a person (what,
// where, the value, the limit, the remedy); its code is for programs.

/** Why an operation failed. Stable: programs may switch on it. */
export type ErrorCode =
  /** A bad argument: a wrong type, an option out of range, a combination that makes no sense. */
  | 'usage'
  /** Sizes that do not fit together. */
  | 'shape'
  /** A limit of this adapter or device is exceeded. */
  | 'limit'
  /** This browser or platform has no WebGPU. */
  | 'no-webgpu'
  /** WebGPU is there, but offers no adapter that fits the request. */
  | 'no-adapter'
  /** The device was lost: driver reset, watchdog, GPU removed. */
  | 'device-lost'
  /** WebGPU's own validation error, with the label of the object it belongs to. */
  | 'validation'
  /** The GPU ran out of memory. */
  | 'out-of-memory'
  /** Data that cannot be read, or that do not mean what they should. */
  | 'data'
  /** A file or a network request failed. */
  | 'io'
  /** Training left the finite numbers: a loss or a weight is NaN or infinite. */
  | 'diverged'
  /** A measurement gave what cannot be true. */
  | 'implausible';

/**
 * An error that Underglass raises on purpose.
 *
 * `code` says which kind it is; `cause`, where given, is the error underneath.
 */
export class UnderglassError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnderglassError';
    this.code = code;
  }
}
