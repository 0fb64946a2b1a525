// The worker's session: owns the device, and trains one run after another on it.

import {
  denseNetwork,
  Device,
  type Network,
  optimiser,
  parseDigits,
  type Splits,
  Trainer,
  TUTORIAL_L2,
  TUTORIAL_LEARNING_RATE,
  TUTORIAL_MOMENTUM,
  TUTORIAL_SIZES,
  tutorialSplit,
  UnderglassError,
} from '../index';
import { describeFailure } from './failure';
import { Inspector } from './learned/inspector';
import { Workbench } from './learned/workbench';
import type { Event, Failure, FromWorker, RunRequest, ToWorker } from './protocol';
import { Reporter } from './reporter';

const HIDDEN = TUTORIAL_SIZES.slice(1, -1);

const TUTORIAL_OPTIMISER = { learningRate: TUTORIAL_LEARNING_RATE, momentum: TUTORIAL_MOMENTUM, l2: TUTORIAL_L2 };

/** How long a failed command waits for the device to say that it is lost, in ms. */
const LOSS_NOTICE = 2000;

/** Answers the page's messages with news of the run. */
export class Session {
  readonly #post: (message: FromWorker) => void;
  #device: Promise<Device> | undefined;
  #splits: Promise<Splits> | undefined;
  #run: Run | undefined;
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
        const run = new Run(message, post, (inspector) => this.#workbench.greet(inspector));
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
      default:
        this.#workbench.receive(message);
    }
  }

  async #start(run: Run, previous: Run | undefined): Promise<void> {
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
    if (error instanceof UnderglassError) {
      return error;
    }
    const device = await this.#device?.catch(() => undefined);
    const quiet = new Promise<void>((resolve) => setTimeout(resolve, LOSS_NOTICE));
    return Promise.race([device?.failure, quiet]).then(
      () => error,
      (reason: unknown) => reason,
    );
  }
}

/** One training run, from its first weights to its last epoch. */
class Run {
  readonly request: RunRequest;
  /** Resolves when the run has freed what it owns. */
  readonly ended: Promise<void>;
  readonly #post: (event: Event) => void;
  readonly #greet: (inspector: Inspector) => void;
  #inspector: Inspector | undefined;
  #end: () => void = () => undefined;
  #abort = new AbortController();
  #paused = false;
  #over = false;
  #wake: () => void = () => undefined;

  constructor(request: RunRequest, post: (event: Event) => void, greet: (inspector: Inspector) => void) {
    this.request = request;
    this.#post = post;
    this.#greet = greet;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Who looks at the network; undefined while there is none. */
  get inspector(): Inspector | undefined {
    return this.#inspector;
  }

  get network(): Network {
    const { layers = HIDDEN, output } = this.request.settings ?? {};
    return denseNetwork([TUTORIAL_SIZES[0]!, ...layers, TUTORIAL_SIZES.at(-1)!], { output });
  }

  async train(device: Device, splits: Splits): Promise<void> {
    let trainer: Trainer | undefined;
    try {
      if (this.#over) {
        return;
      }
      trainer = await Trainer.create(device, {
        network: this.network,
        optimiser: optimiser(this.request.settings ?? TUTORIAL_OPTIMISER),
        splits,
        batch: this.request.settings?.batch ?? 'full',
        seed: this.request.seed,
      });
      const { vendor, architecture, description, software, features } = device.info;
      this.#post({
        type: 'ready',
        adapter: { vendor, architecture, description, software, timestamps: features.includes('timestamp-query') },
        rows: { train: splits.train.rows, valid: splits.valid.rows, test: splits.test.rows },
      });
      this.#inspector = new Inspector(trainer, this.#post);
      this.#greet(this.#inspector);
      await this.#advance(trainer, this.#inspector);
    } finally {
      trainer?.dispose();
      this.#end();
    }
  }

  play(): void {
    this.#paused = false;
    this.#wake();
  }

  pause(): void {
    this.#paused = true;
    this.#abort.abort();
  }

  /** Ends the run at the end of the work in flight. */
  stop(): void {
    this.#over = true;
    this.#abort.abort();
    this.#wake();
  }

  /** Reports a failure, once. */
  fail(failure: Failure): void {
    if (!this.#over) {
      this.#post({ type: 'failed', ...failure });
    }
    this.stop();
    this.#end();
  }

  async #advance(trainer: Trainer, inspector: Inspector): Promise<void> {
    const { epochs, every } = this.request;
    const reporter = new Reporter(this.#post, () => trainer.timings);
    while (!this.#over && trainer.epoch < epochs) {
      if (this.#paused) {
        this.#post({ type: 'paused' });
        await inspector.rest();
        // It can have been told to go on, or to end, while the inspector looked.
        if (this.#paused && !this.#over) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
        continue;
      }
      this.#abort = new AbortController();
      this.#post({ type: 'running' });
      reporter.begin(trainer.epoch);
      const left = epochs - trainer.epoch;
      for await (const report of trainer.run({ epochs: left, every, signal: this.#abort.signal })) {
        reporter.add(report);
        await inspector.between();
      }
      reporter.flush();
    }
    if (!this.#over) {
      await inspector.rest();
      this.#post({ type: 'finished' });
      this.#over = true;
    }
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
