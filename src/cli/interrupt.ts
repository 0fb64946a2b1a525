// Being told to stop: Ctrl-C, a termination signal, or a reader that went away.

import { constants } from 'node:os';
import type { Screen } from './screen';
import { printText } from './tables';

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
  readonly #screen: Screen;
  readonly #onClosed: boolean;
  #reason: StopReason | undefined;
  #since = 0;

  private constructor(screen: Screen, onClosed: boolean) {
    this.#screen = screen;
    this.#onClosed = onClosed;
  }

  /**
   * @param screen where a signal is answered at once, since the work in flight may take long to end
   * @param onClosed whether to stop when nobody reads standard output any more
   */
  static listen(screen: Screen, onClosed: boolean): Interrupt {
    const interrupt = new Interrupt(screen, onClosed);
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
      const again = signal === 'SIGTERM' ? 'A second signal' : 'Ctrl-C again';
      const { colours } = this.#screen;
      printText(
        this.#screen,
        `Stopping after the work in flight. ${again} quits at once, without a result.`,
        colours.dim,
      );
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
