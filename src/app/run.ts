// The run as the page knows it: signals, kept up to date by the worker's messages.

import { batch, signal } from '@preact/signals';
import type { HistoryEntry, TrainingState } from '../index';
import { Findings } from './learned/findings';
import { stepsAnEpoch } from '../experiment/build';
import { TUTORIAL } from '../experiment/read';
import type { Settings } from '../experiment/setting';
import { keepRun, type PastRun } from './past-runs';
import { type Position, positionAfter, stepsTo } from './position';
import type { AdapterInfo, Failure, FromWorker, SplitRows, ToWorker } from './protocol';
import type { KernelUse } from './shaders/kernel-use';
import { Timings } from './timings/timings';
import { TuningMemory } from './tuning-memory';

/** Where a run stands. `opening` lasts until the first step; `recovering` until a lost device is back. */
export type Stage = 'opening' | 'recovering' | 'running' | 'paused' | 'finished' | 'failed';

/** How far a run has come. */
export interface Progress {
  readonly position: Position;
  readonly epochsPerSecond: number;
}

/** A device that was lost, and how far the run was then. */
export interface Loss {
  readonly at: Position;
  /** Where the state that was kept last goes on from; undefined where there was none, and the run began again. */
  readonly from: Position | undefined;
  /** Whether the run has come to that place again. */
  readonly madeGood: boolean;
}

const AT_START: Progress = { position: { epoch: 0, step: 0 }, epochsPerSecond: 0 };

/** A driver that was reset needs a moment, in ms. */
const RECOVERY_DELAY = 500;

/** Losses that one run survives: what is lost more often is not the driver's mishap. */
const MOST_RECOVERIES = 3;

/** Drives the worker and holds what it tells. */
export class TrainingRun {
  /** What the present run trains with. */
  readonly settings = signal<Settings>(TUTORIAL);
  readonly stage = signal<Stage>('opening');
  readonly adapter = signal<AdapterInfo | undefined>(undefined);
  readonly rows = signal<SplitRows | undefined>(undefined);
  /** What about the training set's features likely spoils the training, a sentence each. */
  readonly notices = signal<readonly string[]>([]);
  readonly progress = signal(AT_START);
  readonly history = signal<readonly HistoryEntry[]>([]);
  /** The evaluation whose weights the network has at its end, where patience chose them. */
  readonly best = signal<HistoryEntry | undefined>(undefined);
  /** What a step runs; empty until it is compiled. */
  readonly kernels = signal<readonly KernelUse[]>([]);
  readonly failure = signal<Failure | undefined>(undefined);
  /** The loss of a device that this run has survived or is surviving. */
  readonly loss = signal<Loss | undefined>(undefined);
  readonly past = signal<readonly PastRun[]>([]);
  /** Counts the runs of this visit, from 1. */
  readonly number = signal(0);
  readonly #tuning = new TuningMemory();
  #worker: Worker | undefined;
  #run = 0;
  #recoveries = 0;
  /** Where to go on from, should the device be lost. */
  #kept: TrainingState | undefined;
  #recovery: ReturnType<typeof setTimeout> | undefined;
  /** What the network learned, and what is tried with it beside the training; it asks at once, so it comes last. */
  readonly findings = new Findings(this.stage, (request) => this.#send(request));
  /** Where its time goes, while somebody looks. */
  readonly timings = new Timings(this.stage, (request) => this.#send(request));

  get epochs(): number {
    return this.settings.value.epochs;
  }

  /** Begins from new weights. The run before stays to compare with. */
  start(settings: Settings): void {
    batch(() => {
      this.#keep(settings, this.failure.value?.code === 'diverged' ? 'diverged' : undefined);
      this.timings.begin();
      this.settings.value = settings;
      this.number.value++;
      this.loss.value = undefined;
      this.#recoveries = 0;
      this.#kept = undefined;
      this.#begin('opening');
    });
  }

  play(): void {
    this.#send({ type: 'play' });
  }

  pause(): void {
    this.#send({ type: 'pause' });
  }

  /** One step on, from a pause. */
  step(): void {
    this.#send({ type: 'step' });
  }

  /** Takes a past run out of the comparison. */
  forget(number: number): void {
    this.past.value = this.past.value.filter((run) => run.number !== number);
  }

  /** Trains the settings from the state that was kept, else from epoch 0, and pauses after `pauseAt` steps if that is given. */
  #begin(stage: Stage, pauseAt?: number): void {
    clearTimeout(this.#recovery);
    const from = this.#kept;
    const { position } = from ? { position: positionAfter(from.step, from.stepsAnEpoch) } : AT_START;
    this.stage.value = stage;
    this.progress.value = { position, epochsPerSecond: 0 };
    // What came after the state comes again.
    this.history.value = from ? this.history.value.filter(({ epoch }) => epoch <= position.epoch) : [];
    this.kernels.value = [];
    this.best.value = undefined;
    this.failure.value = undefined;
    this.#worker ??= this.#open();
    const settings = this.settings.value;
    this.#send({
      type: 'start',
      run: ++this.#run,
      settings,
      tuning: this.#tuning.choices,
      every: evaluateEvery(settings.epochs),
      ...(from ? { from } : {}),
      ...(pauseAt === undefined ? {} : { pauseAt }),
      data: new URL(`${import.meta.env.BASE_URL}data/${settings.data}.npy`, document.baseURI).href,
    });
    this.findings.begin(stage === 'recovering');
  }

  #keep(next: Settings, end?: PastRun['end']): void {
    const run = { number: this.number.value, settings: this.settings.value, history: this.history.value };
    this.past.value = keepRun(this.past.value, { ...run, ...(end ? { end } : {}) }, next);
  }

  #send(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #open(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'training' });
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => batch(() => this.#receive(data)));
    worker.addEventListener('error', (event) => {
      const message = event.message || 'the part of this page that trains did not load; reload the page';
      this.#fail({ code: event.message ? 'internal' : 'io', message });
    });
    return worker;
  }

  #receive(message: FromWorker): void {
    if (message.run !== this.#run) {
      return;
    }
    switch (message.type) {
      case 'ready':
        this.adapter.value = message.adapter;
        this.rows.value = message.rows;
        this.notices.value = message.notices;
        break;
      case 'running':
        this.stage.value = message.type;
        break;
      case 'finished':
        this.stage.value = message.type;
        this.best.value = message.best;
        break;
      case 'paused':
        this.stage.value = 'paused';
        this.#checkLoss();
        break;
      case 'kept':
        this.#kept = message.state;
        break;
      case 'progress':
        this.progress.value = message;
        if (message.points.length > 0) {
          this.history.value = [...this.history.value, ...message.points];
        }
        this.#checkLoss();
        break;
      case 'kernels':
        this.kernels.value = message.kernels;
        break;
      case 'tuned':
        this.#tuning.keep(message.key, message.choice);
        break;
      case 'failed':
        this.#fail(message);
        break;
      case 'recording':
      case 'ceilings':
        this.timings.receive(message, this.number.value);
        break;
      default:
        this.findings.receive(message);
    }
  }

  /** A failed worker is not asked again: the next start gets a new one, with a new device. */
  #fail({ code, message }: Failure): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const trained = this.history.value.length > 0;
    const promising = this.loss.value?.madeGood ?? true;
    if (code === 'device-lost' && trained && promising && this.#recoveries < MOST_RECOVERIES) {
      this.#recoveries++;
      this.#recover();
      return;
    }
    this.failure.value = { code, message };
    this.stage.value = 'failed';
  }

  /** Notes when a run has come to where it was when its device was lost. */
  #checkLoss(): void {
    const loss = this.loss.value;
    const steps = stepsAnEpoch(this.settings.value);
    const done = stepsTo(this.progress.value.position, steps);
    if (loss && !loss.madeGood && done >= Math.max(1, stepsTo(loss.at, steps))) {
      this.loss.value = { ...loss, madeGood: true };
    }
  }

  /**
   * Goes on upon a new device.
   *
   * The weights went with the old one; but a state was kept a moment ago, and from it the same steps give the same
   * bits, so the run comes to where it was. Without a state it begins again, from the same seed. A device that is lost
   * again before that is not worth another try.
   */
  #recover(): void {
    const at = this.progress.value.position;
    const rests = this.stage.value === 'paused';
    const kept = this.#kept;
    if (!kept) {
      this.#keep(this.settings.value, 'lost');
    }
    const from = kept && positionAfter(kept.step, kept.stepsAnEpoch);
    this.loss.value = { at, from, madeGood: false };
    this.stage.value = 'recovering';
    const pauseAt = rests ? stepsTo(at, stepsAnEpoch(this.settings.value)) : undefined;
    this.#recovery = setTimeout(() => batch(() => this.#begin('recovering', pauseAt)), RECOVERY_DELAY);
  }
}

/** Epochs from one evaluation to the next: about 200 points make a smooth curve, and 1000 are still drawn at ease. */
export function evaluateEvery(epochs: number): number {
  return epochs <= 200 ? 1 : Math.max(5, Math.ceil(epochs / 1000));
}
