// The worker's session: owns the device, and trains one run after another on it.

import { Device, parseDigits, type Splits, tutorialSplit, UnderglassError } from '../index';
import { reasonOf } from '../gpu/loss';
import { describeFailure } from './failure';
import { Workbench } from './learned/workbench';
import type { Event, FromWorker, ToWorker } from './protocol';
import { WorkerRun } from './worker-run';

/** Answers the page's messages with news of the run. */
export class Session {
  readonly #post: (message: FromWorker) => void;
  #device: Promise<Device> | undefined;
  #splits: Promise<Splits> | undefined;
  #run: WorkerRun | undefined;
  readonly #workbench = new Workbench({
    inspector: () => this.#run?.inspector,
    network: () => this.#run?.network,
    open: () => this.#open(),
    pause: () => this.#run?.pause(),
    post: (event) => {
      if (this.#run) {
        this.#post({ run: this.#run.request.run, ...event });
      }
    },
  });

  constructor(post: (message: FromWorker) => void) {
    this.#post = post;
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'start': {
        const previous = this.#run;
        const post = (event: Event): void => {
          // A replaced run falls silent at once.
          if (this.#run === run) {
            this.#post({ run: message.run, ...event });
          }
        };
        const run = new WorkerRun(message, post, (inspector) => this.#workbench.greet(inspector));
        this.#run = run;
        void this.#start(run, previous);
        break;
      }
      case 'play':
        this.#run?.play();
        break;
      case 'pause':
        this.#run?.pause();
        break;
      case 'step':
        this.#run?.step();
        break;
      case 'record':
      case 'measure':
        this.#run?.recorder?.receive(message);
        break;
      default:
        this.#workbench.receive(message);
    }
  }

  async #start(run: WorkerRun, previous: WorkerRun | undefined): Promise<void> {
    previous?.stop();
    await Promise.all([previous?.ended, this.#workbench.stop()]);
    try {
      const { device, splits } = await this.#open(run);
      // A device can be lost while no command waits for it; the next run then opens another.
      device.failure.catch((error: unknown) => {
        this.#device = undefined;
        run.fail(describeFailure(error));
      });
      await run.train(device, splits);
    } catch (error) {
      run.fail(describeFailure(await this.#reasonOf(error)));
    }
  }

  /** The device and the data, opened once. */
  async #open(run = this.#run): Promise<{ device: Device; splits: Splits }> {
    this.#device ??= Device.open(navigator.gpu);
    const device = await this.#device;
    this.#splits ??= loadDigits(run?.request.data ?? '').then(tutorialSplit);
    return { device, splits: await this.#splits };
  }

  /** The loss of the device where that is what made a command fail; else the error itself. */
  async #reasonOf(error: unknown): Promise<unknown> {
    const device = await this.#device?.catch(() => undefined);
    return device ? reasonOf(device, error) : error;
  }
}

async function loadDigits(address: string): Promise<ReturnType<typeof parseDigits>> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw new UnderglassError('io', `the digits did not load from ${address}; check the connection, then try again`, {
      cause,
    });
  }
  if (!response.ok) {
    throw new UnderglassError(
      'io',
      `the digits did not load: ${address} answered ${response.status}; check that the whole site was copied, then try again`,
    );
  }
  return parseDigits(await response.arrayBuffer());
}
