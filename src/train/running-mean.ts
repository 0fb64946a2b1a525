// The mean score of an epoch's batches.

import type { Score } from './evaluation';

/** The mean score of the batches of one epoch, weighted by their rows. */
export class RunningMean {
  #loss = 0;
  #hits = 0;
  #rows = 0;

  add(loss: number, accuracy: number, rows: number): void {
    this.#loss += loss * rows;
    this.#hits += accuracy * rows;
    this.#rows += rows;
  }

  take(): Score {
    const score = { loss: this.#loss / this.#rows, accuracy: this.#hits / this.#rows };
    this.#loss = this.#hits = this.#rows = 0;
    return score;
  }
}
