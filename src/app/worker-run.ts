// A run in the worker: one network's training, told of as it goes, paused and stepped as the page asks.

import {
  type Device,
  featureNotices,
  type Network,
  type Splits,
  Trainer,
  type TuningOptions,
  type TuningStore,
} from '../index';
import { Inspector } from './learned/inspector';
import { networkOf, optimiserOf, stepsAnEpoch } from '../experiment/build';
import type { Event, Failure, RunRequest } from './protocol';
import { Reporter } from './reporter';
import { kernelUsesOf } from './shaders/kernel-use';
import { StateKeeper } from './state-keeper';
import { Recorder } from './timings/recorder';

/** The most that a run waits for its kernels to be tuned, in ms. */
const TUNING_BUDGET = 600;

/** Steps of the shortest run that is tuned: a shorter one is over before tuning has paid. */
const TUNED_STEPS = 200;

/** Trains one run's network, from its first weights or a state that was kept to its last epoch. */
export class WorkerRun {
  readonly request: RunRequest;
  /** Resolves when the run has freed what it owns. */
  readonly ended: Promise<void>;
  readonly #post: (event: Event) => void;
  readonly #greet: (inspector: Inspector) => void;
  /** What earlier visits remember, and what this run finds out to be remembered. */
  readonly #store: TuningStore;
  #trainer: Trainer | undefined;
  #inspector: Inspector | undefined;
  #recorder: Recorder | undefined;
  #end: () => void = () => undefined;
  #abort = new AbortController();
  #paused = false;
  /** The number of steps after which the run pauses by itself. */
  #pauseAt: number;
  #over = false;
  #wake: () => void = () => undefined;

  constructor(request: RunRequest, post: (event: Event) => void, greet: (inspector: Inspector) => void) {
    this.request = request;
    this.#post = post;
    this.#pauseAt = request.pauseAt ?? Number.POSITIVE_INFINITY;
    this.#greet = greet;
    const known = new Map(Object.entries(request.tuning));
    this.#store = {
      read: (key) => known.get(key),
      write: (key, choice) => {
        known.set(key, choice);
        post({ type: 'tuned', key, choice });
      },
    };
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Who looks at the network; undefined while there is none. */
  get inspector(): Inspector | undefined {
    return this.#inspector;
  }

  /** Who tells of times; undefined while nothing is trained. */
  get recorder(): Recorder | undefined {
    return this.#recorder;
  }

  get network(): Network {
    return networkOf(this.request.settings);
  }

  async train(device: Device, splits: Splits): Promise<void> {
    let trainer: Trainer | undefined;
    try {
      if (this.#over) {
        return;
      }
      const { settings, from } = this.request;
      this.#trainer = trainer = await Trainer.create(device, {
        network: this.network,
        optimiser: optimiserOf(settings),
        splits,
        batch: settings.batch,
        seed: settings.seed,
        program: settings.program,
        ...(settings.patience === 'none' ? {} : { stopping: { patience: settings.patience } }),
        tuning: this.#tuning(),
        ...(from ? { from } : {}),
      });
      const { vendor, architecture, description, software, features } = device.info;
      this.#post({
        type: 'ready',
        adapter: { vendor, architecture, description, software, timestamps: features.includes('timestamp-query') },
        rows: { train: splits.train.rows, valid: splits.valid.rows, test: splits.test.rows },
        notices: featureNotices(splits.train).map(({ text }) => text),
      });
      this.#tellKernels(trainer);
      this.#inspector = new Inspector(trainer, this.#post);
      this.#greet(this.#inspector);
      this.#recorder = new Recorder(trainer, this.#store, this.#post, () => this.#abort.abort());
      await this.#advance(trainer, this.#inspector, this.#recorder);
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

  /** Trains one step on from where the run rests. */
  step(): void {
    if (this.#paused && this.#trainer) {
      this.#paused = false;
      this.#pauseAt = this.#trainer.step + 1;
      this.#wake();
    }
  }

  /** Ends the run at the end of the work in flight. */
  stop(): void {
    this.#over = true;
    this.#abort.abort();
    this.#recorder?.stop();
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

  /** Tells what a step runs, without holding up the training. */
  #tellKernels(trainer: Trainer): void {
    kernelUsesOf(trainer).then(
      (kernels) => this.#post({ type: 'kernels', kernels }),
      // The run may be over before they are compiled; where they do not compile at all, it tells so itself.
      () => undefined,
    );
  }

  /** Tunes from what earlier visits remember. No choice changes a bit of the result. */
  #tuning(): TuningOptions {
    const { settings } = this.request;
    return {
      store: this.#store,
      budget: settings.epochs * stepsAnEpoch(settings) < TUNED_STEPS ? 0 : TUNING_BUDGET,
    };
  }

  async #advance(trainer: Trainer, inspector: Inspector, recorder: Recorder): Promise<void> {
    const { every, settings } = this.request;
    const last = settings.epochs * trainer.stepsAnEpoch;
    const reporter = new Reporter(this.#post, trainer);
    const keeper = new StateKeeper(trainer, this.#post);
    let isDropped = false;
    while (!this.#over && !trainer.stopped && trainer.step < last) {
      this.#paused ||= trainer.step >= this.#pauseAt;
      if (this.#paused) {
        this.#post({ type: 'paused' });
        await keeper.rest();
        await inspector.rest();
        recorder.rest();
        // It can have been told to go on, or to end, while state and network were read.
        if (this.#paused && !this.#over) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
        continue;
      }
      await recorder.beforeSteps();
      if (this.#paused || this.#over) {
        continue;
      }
      this.#abort = new AbortController();
      this.#post({ type: 'running' });
      const steps = Math.min(last, this.#pauseAt) - trainer.step;
      for await (const report of trainer.run({ steps, every, signal: this.#abort.signal })) {
        reporter.add(report);
        if (!isDropped && trainer.tuned.some(({ dropped }) => dropped)) {
          isDropped = true;
          this.#tellKernels(trainer);
        }
        await keeper.between();
        await inspector.between();
        recorder.between();
      }
      reporter.flush();
    }
    if (!this.#over) {
      const { best } = trainer;
      if (best) {
        trainer.restoreBest();
      }
      await inspector.rest();
      recorder.rest();
      this.#post({ type: 'finished', ...(best ? { best: { epoch: best.epoch, ...best.evaluation } } : {}) });
      this.#over = true;
    }
  }
}
