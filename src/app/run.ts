// The run as the page knows it: signals, kept up to date by the worker's messages.

import { signal } from '@preact/signals';
import { Findings } from './learned/findings';
import type { LoadableSettings } from './learned/messages';
import { type HistoryEntry, type Timing, TUTORIAL_EPOCHS } from '../index';
import type { AdapterInfo, Failure, FromWorker, SplitRows, ToWorker } from './protocol';

/** Where a run stands. `opening` lasts until the first step. */
export type Stage = 'opening' | 'running' | 'paused' | 'finished' | 'failed';

/** How far a run has come. */
export interface Progress {
  readonly epoch: number;
  readonly epochsPerSecond: number;
}

/** Evaluations are cheap beside five epochs, and 200 points make a smooth curve. */
const EVALUATE_EVERY = 5;

const AT_START: Progress = { epoch: 0, epochsPerSecond: 0 };

/** Drives the worker and holds what it tells. */
export class TrainingRun {
  readonly epochs = TUTORIAL_EPOCHS;
  /** What the network learned, and what is tried with it beside the training. */
  readonly findings: Findings;
  readonly stage = signal<Stage>('opening');
  readonly seed = signal(0);
  readonly adapter = signal<AdapterInfo | undefined>(undefined);
  readonly rows = signal<SplitRows | undefined>(undefined);
  readonly progress = signal(AT_START);
  readonly history = signal<readonly HistoryEntry[]>([]);
  readonly timings = signal<readonly Timing[]>([]);
  readonly failure = signal<Failure | undefined>(undefined);
  #worker: Worker | undefined;
  #run = 0;
  #settings: LoadableSettings | undefined;

  constructor() {
    this.findings = new Findings(this.stage, (request) => this.#send(request));
  }

  /** Begins a run of another network than the tutorial's. */
  load(settings: LoadableSettings): void {
    this.#settings = settings;
    this.start(settings.seed);
  }

  /** Begins from new weights. */
  start(seed: number): void {
    this.seed.value = seed;
    this.stage.value = 'opening';
    this.progress.value = AT_START;
    this.history.value = [];
    this.timings.value = [];
    this.failure.value = undefined;
    this.#worker ??= this.#open();
    this.#send({
      type: 'start',
      run: ++this.#run,
      seed,
      settings: this.#settings,
      epochs: this.epochs,
      every: EVALUATE_EVERY,
      data: new URL(`${import.meta.env.BASE_URL}data/digits.npy`, document.baseURI).href,
    });
    this.findings.begin();
  }

  play(): void {
    this.#send({ type: 'play' });
  }

  pause(): void {
    this.#send({ type: 'pause' });
  }

  #send(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #open(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'training' });
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.#receive(data));
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
        break;
      case 'running':
      case 'paused':
      case 'finished':
        this.stage.value = message.type;
        break;
      case 'progress':
        this.progress.value = message;
        if (message.points.length > 0) {
          this.history.value = [...this.history.value, ...message.points];
        }
        if (message.timings) {
          this.timings.value = message.timings;
        }
        break;
      case 'failed':
        this.#fail(message);
        break;
      default:
        this.findings.receive(message);
    }
  }

  /** A failed worker is not asked again: the next start gets a new one, with a new device. */
  #fail({ code, message }: Failure): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.failure.value = { code, message };
    this.stage.value = 'failed';
  }
}
