// The state keeper: reads where a training stands now and then, so that one whose device is lost can go on.

import type { Trainer } from '../index';
import type { Event } from './protocol';

/** Time from one state to the next while training, in ms: what a loss may cost. */
const KEEP_EVERY = 3000;

/** The share of all time that keeping may take: a large network is kept less often. */
const KEEP_SHARE = 0.02;

/** Sends the states of one trainer to the page, where they outlive this worker. */
export class StateKeeper {
  readonly #trainer: Trainer;
  readonly #post: (event: Event) => void;
  #next = performance.now() + KEEP_EVERY;
  /** The step of the state that was kept last. */
  #step: number;

  constructor(trainer: Trainer, post: (event: Event) => void) {
    this.#trainer = trainer;
    this.#post = post;
    this.#step = trainer.step;
  }

  /** Keeps the state where it is time to, between two reports of a run. */
  async between(): Promise<void> {
    if (performance.now() >= this.#next) {
      await this.rest();
    }
  }

  /** Keeps the state of a training at rest. */
  async rest(): Promise<void> {
    if (this.#trainer.step === this.#step) {
      return;
    }
    const began = performance.now();
    const state = await this.#trainer.state();
    this.#step = state.step;
    this.#post({ type: 'kept', state });
    const now = performance.now();
    this.#next = now + Math.max(KEEP_EVERY, (now - began) / KEEP_SHARE);
  }
}
