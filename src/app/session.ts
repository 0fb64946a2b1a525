// The worker's session: owns the device, and trains one run after another on it.

import {
  denseNetwork,
  Device,
  type Network,
  optimiser,
  parseDigits,
  type Splits,
  Trainer,
  type TuningOptions,
  tutorialSplit,
  UnderglassError,
} from '../index';
import { describeFailure } from './failure';
import { Inspector } from './learned/inspector';
import { Workbench } from './learned/workbench';
import { networkSizesOf, stepsAnEpoch } from './model/settings';
import type { Event, Failure, FromWorker, RunRequest, ToWorker } from './protocol';
import { Reporter } from './reporter';
import { kernelUsesOf } from './shaders/kernel-use';

/** The most that a run waits for its kernels to be tuned, in ms. */
const TUNING_BUDGET = 600;

/** Steps of the shortest run that is tuned: a shorter one is over before tuning has paid. */
const TUNED_STEPS = 200;

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
      case 'step':
        this.#run?.step();
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
  /** The epoch at which the run pauses by itself. */
  #pauseAt = Number.POSITIVE_INFINITY;
  #over = false;
  #wake: () => void = () => undefined;

  constructor(request: RunRequest, post: (event: Event) => void, greet: (inspector: Inspector) => void) {
    this.request = request;
    this.#post = post;
    this.#pauseAt = request.pauseAt ?? Number.POSITIVE_INFINITY;
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
    const { settings } = this.request;
    return denseNetwork(networkSizesOf(settings), { output: settings.output });
  }

  async train(device: Device, splits: Splits): Promise<void> {
    let trainer: Trainer | undefined;
    try {
      if (this.#over) {
        return;
      }
      const { settings } = this.request;
      trainer = await Trainer.create(device, {
        network: this.network,
        optimiser: optimiser(settings),
        splits,
        batch: settings.batch,
        seed: settings.seed,
        program: settings.program,
        tuning: this.#tuning(),
      });
      const { vendor, architecture, description, software, features } = device.info;
      this.#post({
        type: 'ready',
        adapter: { vendor, architecture, description, software, timestamps: features.includes('timestamp-query') },
        rows: { train: splits.train.rows, valid: splits.valid.rows, test: splits.test.rows },
      });
      this.#tellKernels(trainer);
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
    this.#pauseAt = Number.POSITIVE_INFINITY;
    this.#wake();
  }

  pause(): void {
    this.#paused = true;
    this.#abort.abort();
  }

  /** Trains one epoch on from where the run rests. */
  step(): void {
    if (this.#paused) {
      this.#paused = false;
      this.#pauseAt = 0;
      this.#wake();
    }
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

  /** Tells what a step runs, without holding up its first. */
  #tellKernels(trainer: Trainer): void {
    kernelUsesOf(trainer).then(
      (kernels) => this.#post({ type: 'kernels', kernels }),
      // The run may be over before they are compiled; where they do not compile at all, it tells so itself.
      () => undefined,
    );
  }

  /** Tunes from what earlier visits remember. No choice changes a bit of the result. */
  #tuning(): TuningOptions {
    const { settings, tuning } = this.request;
    const chosen = new Map(Object.entries(tuning));
    return {
      store: {
        read: (key) => chosen.get(key),
        write: (key, choice) => {
          chosen.set(key, choice);
          this.#post({ type: 'tuned', key, choice });
        },
      },
      budget: settings.epochs * stepsAnEpoch(settings) < TUNED_STEPS ? 0 : TUNING_BUDGET,
    };
  }

  async #advance(trainer: Trainer, inspector: Inspector): Promise<void> {
    const { every } = this.request;
    const { epochs } = this.request.settings;
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
      const end = Math.min(epochs, Math.max(trainer.epoch + 1, this.#pauseAt));
      const left = end - trainer.epoch;
      for await (const report of trainer.run({ epochs: left, every, signal: this.#abort.signal })) {
        reporter.add(report);
        await inspector.between();
      }
      reporter.flush();
      this.#paused ||= trainer.epoch >= this.#pauseAt;
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
