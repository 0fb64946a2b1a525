// What is found out about the run's network: what the panels show of it, kept up to date by the worker's answers.

import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { GradientCheckReport, Splits, Stroke } from '../../index';
import type { Failure } from '../protocol';
import type { Stage } from '../run';
import type {
  ImageReading,
  Images,
  Inspection,
  LearnedEvent,
  LearnedRequest,
  SweepNews,
  SweepPlan,
  SweptNetwork,
  Winner,
} from './messages';
import type { SweptNetworks } from './sweep-cells';
import { FIRST_SWEEP, type SweepFields } from './sweep-form';

/** Time from an answer to the next question while training, in ms; and the share of all time that looking may take. */
const LOOK_EVERY = 1000;
const LOOK_SHARE = 0.1;

/** Where the gradient check stands: not asked for, under way, or its outcome. */
export type CheckState = 'none' | 'running' | GradientCheckReport | Failure;

/** Where a sweep stands. */
export interface SweepState {
  readonly plan: SweepPlan;
  readonly phase: 'training' | 'retraining' | 'finished' | 'stopped' | 'failed';
  /** Networks that came to their end, by their place in the grid. */
  readonly swept: SweptNetworks;
  /** Networks in training as last evaluated, by their place in the grid. */
  readonly current: SweptNetworks;
  readonly networks: number;
  /** Networks in training now, and the epoch that they have reached. */
  readonly training: number;
  readonly epoch: number;
  readonly fraction: number;
  /** Networks left out because the adapter cannot hold them, and why. */
  readonly refused?: { readonly networks: number; readonly reason: string };
  readonly winner?: Winner;
  readonly failure?: Failure;
}

/** Asks the worker on the panels' behalf, and holds its answers. */
export class Findings {
  /** Which images the panels show the answers to. */
  readonly split = signal<keyof Splits>('test');
  readonly inspection = signal<Inspection | undefined>(undefined);
  readonly images = signal<Readonly<Partial<Record<keyof Splits, Images>>>>({});
  /** The image that the network reads: 64 numbers from 0 to 16; undefined for none. */
  readonly image = signal<Float32Array | undefined>(undefined);
  /** What was drawn on the pad, where the image came from there. */
  readonly strokes = signal<readonly Stroke[]>([]);
  readonly reading = signal<ImageReading | undefined>(undefined);
  /** What stands in the sweep's form. */
  readonly sweepFields = signal<SweepFields>(FIRST_SWEEP);
  readonly sweep = signal<SweepState | undefined>(undefined);
  readonly check = signal<CheckState>('none');
  /** Where the training stands; without a network there is nothing to ask. */
  readonly stage: ReadonlySignal<Stage>;
  readonly #send: (request: LearnedRequest) => void;
  /** Panels in sight. */
  readonly #watchers = signal(0);
  #asked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(stage: ReadonlySignal<Stage>, send: (request: LearnedRequest) => void) {
    this.stage = stage;
    this.#send = send;
    // A panel that comes in sight, another split, or training that came to rest: a new look.
    effect(() => {
      const split = this.split.value;
      const atRest = stage.value === 'paused' || stage.value === 'finished';
      if (stage.value === 'failed') untracked(() => this.#giveUp());
      else if (this.#watchers.value > 0) untracked(() => this.#ask(split, atRest));
    });
    effect(() => {
      const image = this.image.value;
      if (!image) this.reading.value = undefined;
      this.#send({ type: 'read', image });
    });
  }

  /** A new run begins, maybe in a new worker: what was asked of the old one is asked again. */
  begin(): void {
    this.#giveUp();
    untracked(() => {
      // What was learned before is not what this network knows.
      this.inspection.value = undefined;
      if (this.#watchers.value > 0) this.#ask(this.split.value, true);
      this.#send({ type: 'read', image: this.image.value });
    });
  }

  /** Keeps the inspection up to date until the returned function is called. */
  watch(): () => void {
    this.#watchers.value++;
    return () => {
      this.#watchers.value--;
    };
  }

  /** Asks for the images of a split, once. */
  wantImages(split: keyof Splits): void {
    if (!this.images.peek()[split]) this.#send({ type: 'images', split });
  }

  startSweep(plan: SweepPlan, networks: number): void {
    const none: SweptNetworks = new Map();
    const start = { swept: none, current: none, networks, training: 0, epoch: 0, fraction: 0 };
    this.sweep.value = { plan, phase: 'training', ...start };
    this.#send({ type: 'sweep', sweep: plan });
  }

  stopSweep(): void {
    this.#send({ type: 'stop-sweep' });
  }

  startCheck(): void {
    this.check.value = 'running';
    this.#send({ type: 'check' });
  }

  receive(event: LearnedEvent): void {
    switch (event.type) {
      case 'inspection':
        this.#asked = false;
        this.inspection.value = event.inspection;
        this.#askLater(event.inspection.milliseconds);
        break;
      case 'images':
        this.images.value = { ...this.images.value, [event.images.split]: event.images };
        break;
      case 'reading':
        if (this.image.value) this.reading.value = event.reading;
        break;
      case 'sweep':
        if (this.sweep.value) this.sweep.value = afterNews(this.sweep.value, event.news);
        break;
      case 'check':
        this.check.value = event.outcome;
        break;
    }
  }

  #ask(split: keyof Splits, again = false): void {
    if (this.#asked && !again && this.inspection.value?.split === split) return;
    clearTimeout(this.#timer);
    this.#asked = true;
    this.#send({ type: 'inspect', split });
    this.wantImages(split);
  }

  #askLater(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        if (this.stage.value === 'running' && this.#watchers.value > 0) this.#ask(this.split.value);
      },
      Math.max(LOOK_EVERY, milliseconds / LOOK_SHARE),
    );
  }

  /** A run that ended takes what was tried beside it along. */
  #giveUp(): void {
    clearTimeout(this.#timer);
    const sweep = this.sweep.value;
    if (sweep && isUnderWay(sweep)) this.sweep.value = { ...sweep, phase: 'stopped', current: new Map() };
    this.check.value = 'none';
  }
}

/** Whether there is a network to look at, and a worker to ask. */
export function isAtWork(stage: Stage): boolean {
  return stage === 'running' || stage === 'paused' || stage === 'finished';
}

/** Whether a sweep still trains. */
export function isUnderWay({ phase }: SweepState): boolean {
  return phase === 'training' || phase === 'retraining';
}

function byPlace(networks: readonly SweptNetwork[]): SweptNetworks {
  return new Map(networks.map((network) => [network.index, network]));
}

function afterNews(state: SweepState, news: SweepNews): SweepState {
  switch (news.kind) {
    case 'begun':
      return { ...state, phase: 'training', networks: news.networks };
    case 'progress': {
      const { finished, training, epoch, fraction } = news;
      // The same maps while nothing is new, so that nothing is drawn again.
      const swept = finished.length > 0 ? new Map([...state.swept, ...byPlace(finished)]) : state.swept;
      const current = news.current ? byPlace(news.current) : state.current;
      return { ...state, swept, current, training, epoch, fraction };
    }
    case 'refused':
      return { ...state, refused: { networks: news.networks, reason: news.reason } };
    case 'retraining':
      return { ...state, phase: 'retraining', current: new Map(), training: 1, winner: news.winner };
    case 'finished':
      return { ...state, phase: 'finished', training: 0, ...(news.winner ? { winner: news.winner } : {}) };
    case 'stopped': {
      const { winner: _, ...rest } = state;
      return { ...rest, phase: 'stopped', current: new Map(), training: 0 };
    }
    default:
      return { ...state, phase: 'failed', training: 0, failure: { code: news.code, message: news.message } };
  }
}
