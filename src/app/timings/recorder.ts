// The recorder: tells the panel of a run's times when it asks, in the worker.

import { type CeilingsStore, measureCeilings, type Trainer } from '../../index';
import { describeFailure } from '../failure';
import type { TimingsEvent, TimingsRequest } from './messages';

/** Submits of the time line that are sent while training: the page takes a whole one apart for longer than a frame. */
const LIVE_SUBMITS = 96;

/**
 * Answers requests about one trainer's times.
 *
 * What nobody asks for costs nothing. While training it answers between two epochs, at rest at once, and after the trainer was
 * disposed as well, since a recording is made of what is kept on the host.
 */
export class Recorder {
  readonly #trainer: Trainer;
  readonly #store: CeilingsStore;
  readonly #post: (event: TimingsEvent) => void;
  /** Ends the steps in flight, so that `beforeSteps` comes. */
  readonly #interrupt: () => void;
  readonly #stop = new AbortController();
  #resting = false;
  #wanted = false;
  #recalled = false;
  #measurement: { readonly again: boolean } | undefined;
  #measuring: Promise<void> | undefined;

  constructor(trainer: Trainer, store: CeilingsStore, post: (event: TimingsEvent) => void, interrupt: () => void) {
    this.#trainer = trainer;
    this.#store = store;
    this.#post = post;
    this.#interrupt = interrupt;
  }

  receive(request: TimingsRequest): void {
    if (request.type === 'record') {
      this.#wanted = true;
      void this.#recall();
      if (this.#resting) this.#answer();
    } else {
      this.#measurement = request;
      if (this.#resting) void this.#measure();
      else this.#interrupt();
    }
  }

  /** Answers what was asked, between two epochs of a training that goes on. */
  between(): void {
    if (this.#wanted) this.#answer(LIVE_SUBMITS);
  }

  /** Training rests: from now on everything is answered at once. */
  rest(): void {
    this.#resting = true;
    if (this.#wanted) this.#answer();
    void this.#measure();
  }

  /** Measures the ceilings, if that was asked for, while no step is in flight; steps come next. */
  async beforeSteps(): Promise<void> {
    this.#resting = false;
    await this.#measure();
  }

  /** Gives up a measurement. */
  stop(): void {
    this.#stop.abort();
  }

  #answer(submits = Number.POSITIVE_INFINITY): void {
    const { timelineOrigin, timedSteps } = this.#trainer;
    if (timelineOrigin === undefined) {
      return;
    }
    this.#wanted = false;
    const began = performance.now();
    const recording = this.#trainer.recording();
    const { timeline } = recording;
    const recorded = {
      recording: { ...recording, timeline: timeline.slice(Math.max(0, timeline.length - submits)) },
      originMs: performance.timeOrigin + timelineOrigin,
      timedSteps,
      submits: timeline.length,
      milliseconds: performance.now() - began,
    };
    this.#post({ type: 'recording', recorded });
  }

  /** Tells the ceilings that are remembered, once. */
  async #recall(): Promise<void> {
    if (this.#recalled) {
      return;
    }
    this.#recalled = true;
    // Aborted beforehand, it measures nothing.
    const options = { store: this.#store, signal: AbortSignal.abort() };
    const known = await measureCeilings(this.#trainer.device, options).catch(() => undefined);
    if (known) this.#post({ type: 'ceilings', outcome: known });
  }

  /** One measurement after the other, until none is wanted. */
  #measure(): Promise<void> {
    this.#measuring ??= this.#measureAll().finally(() => {
      this.#measuring = undefined;
    });
    return this.#measuring;
  }

  async #measureAll(): Promise<void> {
    while (this.#measurement && !this.#stop.signal.aborted) {
      const { again } = this.#measurement;
      this.#measurement = undefined;
      const store = again ? { ...this.#store, read: () => undefined } : this.#store;
      try {
        const ceilings = await measureCeilings(this.#trainer.device, { store, signal: this.#stop.signal });
        this.#post({ type: 'ceilings', outcome: ceilings });
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#post({ type: 'ceilings', outcome: describeFailure(error) });
      }
    }
  }
}
