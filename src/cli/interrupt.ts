// Being told to stop: Ctrl-C, a termination signal, or a reader that went away.

import { constants } from 'node:os';

/** Why to stop. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'closed';

/**
 * Listens for reasons to stop, from `listen` to `dispose`.
 *
 * The first one aborts `signal`; another signal after that ends the process at once. One Ctrl-C can arrive twice, from the
 * terminal and from npm, so signals within a moment of the first are the same one.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #onClosed: boolean;
  #reason: StopReason | undefined;
  #since = 0;

  private constructor(onClosed: boolean) {
    this.#onClosed = onClosed;
  }

  /** @param onClosed whether to stop when nobody reads standard output any more */
  static listen(onClosed: boolean): Interrupt {
    const interrupt = new Interrupt(onClosed);
    process.on('SIGINT', interrupt.#signalled);
    process.on('SIGTERM', interrupt.#signalled);
    if (onClosed) process.stdout.on('error', interrupt.#closed);
    return interrupt;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Undefined until told to stop. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** The exit code that shells expect of a process ended so: 128 and the signal's number; else 0. */
  get exitCode(): number {
    const reason = this.#reason;
    return reason === undefined || reason === 'closed' ? 0 : 128 + constants.signals[reason];
  }

  dispose(): void {
    process.off('SIGINT', this.#signalled);
    process.off('SIGTERM', this.#signalled);
    if (this.#onClosed) process.stdout.off('error', this.#closed);
  }

  readonly #signalled = (signal: NodeJS.Signals): void => {
    if (this.#reason === undefined) {
      this.#stop(signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT');
    } else if (performance.now() - this.#since > SAME_MS) {
      this.dispose();
      process.kill(process.pid, signal);
    }
  };

  readonly #closed = (): void => {
    this.#stop('closed');
  };

  #stop(reason: StopReason): void {
    this.#reason ??= reason;
    this.#since = performance.now();
    this.#controller.abort();
  }
}

const SAME_MS = 200;
