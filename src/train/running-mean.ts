// The mean score of an epoch's batches.

import type { Score } from './evaluation';

/** Sums over the rows of the batches so far. */
export interface ScoreSums {
  readonly loss: number;
  readonly hits: number;
  readonly rows: number;
}

const NOTHING: ScoreSums = { loss: 0, hits: 0, rows: 0 };

/** The mean score of the batches of one epoch, weighted by their rows. */
export class RunningMean {
  #loss = 0;
  #hits = 0;
  #rows = 0;

  /** @param sums of the batches before */
  constructor({ loss, hits, rows } = NOTHING) {
    this.#loss = loss;
    this.#hits = hits;
    this.#rows = rows;
  }

  get sums(): ScoreSums {
    return { loss: this.#loss, hits: this.#hits, rows: this.#rows };
  }

  add(loss: number, accuracy: number, rows: number): void {
    this.#loss += loss * rows;
    this.#hits += accuracy * rows;
    this.#rows += rows;
  }

  /** The mean of what was added; then begins anew. */
  take(): Score {
    const score = { loss: this.#loss / this.#rows, accuracy: this.#hits / this.#rows };
    this.#loss = this.#hits = this.#rows = 0;
    return score;
  }
}
