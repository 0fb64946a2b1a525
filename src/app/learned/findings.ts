// What is found out about the run's network: what the panels show of it, kept up to date by the worker's answers.

import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { GradientCheckReport, Splits, Stroke } from '../../index';
import type { Failure } from '../protocol';
import type { Stage } from '../run';
import type { ImageReading, Images, Inspection, LearnedEvent, LearnedRequest, SweepNews, SweepPlan } from './messages';
import { FIRST_SWEEP, type SweepFields } from './sweep-form';
import { afterLoss, afterNews, beginning, isUnderWay, type SweepState, stopped } from './sweep-state';

/** Time from an answer to the next question while training, in ms; and the share of all time that looking may take. */
const LOOK_EVERY = 1000;
const LOOK_SHARE = 0.1;

/** A driver that was reset needs a moment before a sweep goes on, in ms. */
const RECOVERY_DELAY = 500;

/** Where the gradient check stands: not asked for, under way, or its outcome. */
export type CheckState = 'none' | 'running' | GradientCheckReport | Failure;

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
  /** Until a sweep goes on after a loss. */
  #recovery: ReturnType<typeof setTimeout> | undefined;

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

  /**
   * A new run begins, maybe in a new worker: what was asked of the old one is asked again.
   *
   * @param isRecovery whether it is the same run after a lost device; its sweep then goes on too
   */
  begin(isRecovery: boolean): void {
    const sweep = this.sweep.value;
    if (isRecovery && sweep && isUnderWay(sweep)) {
      this.sweep.value = sweep.phase === 'recovering' ? sweep : afterLoss(sweep);
      this.#goOn();
    }
    this.#giveUp(isRecovery);
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
    this.sweep.value = beginning(plan, networks);
    this.#send({ type: 'sweep', sweep: plan, finished: [] });
  }

  stopSweep(): void {
    const sweep = this.sweep.value;
    this.#send({ type: 'stop-sweep' });
    // While a device is opened nobody is there to answer.
    if (sweep?.phase === 'recovering') this.sweep.value = stopped(sweep);
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
        if (this.sweep.value) this.#hear(this.sweep.value, event.news);
        break;
      case 'check':
        this.check.value = event.outcome;
        break;
    }
  }

  #hear(sweep: SweepState, news: SweepNews): void {
    if (news.kind !== 'failed' || news.code !== 'device-lost') {
      this.sweep.value = afterNews(sweep, news);
      return;
    }
    this.sweep.value = afterLoss(sweep);
    // Where the run's device is lost as well, its worker is replaced, and `begin` comes first.
    this.#recovery = setTimeout(() => this.#goOn(), RECOVERY_DELAY);
  }

  /** Has the worker train what is left of a sweep whose device was lost. */
  #goOn(): void {
    clearTimeout(this.#recovery);
    const sweep = this.sweep.value;
    if (sweep?.phase !== 'recovering') return;
    this.#send({ type: 'sweep', sweep: sweep.plan, finished: [...sweep.swept.values()] });
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

  /** A run that ended takes what was tried beside it along; but for its sweep, where it goes on after a loss. */
  #giveUp(keepsSweep = false): void {
    clearTimeout(this.#timer);
    const sweep = this.sweep.value;
    if (!keepsSweep && sweep && isUnderWay(sweep)) this.sweep.value = stopped(sweep);
    this.check.value = 'none';
  }
}

/** Whether there is a network to look at, and a worker to ask. */
export function isAtWork(stage: Stage): boolean {
  return stage === 'running' || stage === 'paused' || stage === 'finished';
}
