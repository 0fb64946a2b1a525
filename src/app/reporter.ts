// The reporter: gathers what happens in a run and tells the page of it a few times a second.

import type { EpochReport, HistoryEntry, Trainer } from '../index';
import { type Position, positionAfter } from './position';
import type { Event } from './protocol';

/** Time between two messages, in ms: as often as an eye follows a curve. */
const PROGRESS_INTERVAL = 100;

/** Turns epoch reports into progress events, at most ten a second. */
export class Reporter {
  readonly #post: (event: Event) => void;
  readonly #trainer: Trainer;
  #points: HistoryEntry[] = [];
  #epochsPerSecond = 0;
  #posted = Number.NEGATIVE_INFINITY;

  constructor(post: (event: Event) => void, trainer: Trainer) {
    this.#post = post;
    this.#trainer = trainer;
  }

  add({ epoch, evaluation, steps, milliseconds }: EpochReport): void {
    if (milliseconds > 0) {
      this.#epochsPerSecond = (steps / this.#trainer.stepsAnEpoch / milliseconds) * 1000;
    }
    if (evaluation) {
      this.#points.push({ epoch, ...evaluation });
    }
    if (performance.now() - this.#posted >= PROGRESS_INTERVAL) {
      this.#send({ epoch, step: 0 });
    }
  }

  /** Tells everything that is known, at the end of a run or at a pause. */
  flush(): void {
    this.#send(positionAfter(this.#trainer.step, this.#trainer.stepsAnEpoch));
  }

  #send(position: Position): void {
    this.#posted = performance.now();
    this.#post({
      type: 'progress',
      position,
      epochsPerSecond: this.#epochsPerSecond,
      points: this.#points,
    });
    this.#points = [];
  }
}
