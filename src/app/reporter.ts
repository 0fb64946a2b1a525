// The reporter: gathers what happens in a run and tells the page of it a few times a second.

import type { EpochReport, HistoryEntry, Timing } from '../index';
import type { Event } from './protocol';

/** Time between two messages, in ms: as often as an eye follows a curve. */
const PROGRESS_INTERVAL = 100;

/** Time between two sets of timings, in ms: figures that change faster cannot be read. */
const TIMINGS_INTERVAL = 500;

/** Turns epoch reports into progress events, at most ten a second. */
export class Reporter {
  readonly #post: (event: Event) => void;
  readonly #timings: () => readonly Timing[];
  #points: HistoryEntry[] = [];
  #epoch = 0;
  #epochsPerSecond = 0;
  #firstEpoch = 0;
  #posted = Number.NEGATIVE_INFINITY;
  #timed = Number.NEGATIVE_INFINITY;

  constructor(post: (event: Event) => void, timings: () => readonly Timing[]) {
    this.#post = post;
    this.#timings = timings;
  }

  /** Says that training begins, or goes on, after `epoch` epochs: the speed counts from here. */
  begin(epoch: number): void {
    this.#firstEpoch = epoch;
  }

  add({ epoch, evaluation, milliseconds }: EpochReport): void {
    this.#epoch = epoch;
    if (milliseconds > 0) {
      this.#epochsPerSecond = ((epoch - this.#firstEpoch) / milliseconds) * 1000;
    }
    if (evaluation) {
      this.#points.push({ epoch, ...evaluation });
    }
    if (performance.now() - this.#posted >= PROGRESS_INTERVAL) {
      this.#send(false);
    }
  }

  /** Tells everything that is known, at the end of a run or at a pause. */
  flush(): void {
    this.#send(true);
  }

  #send(all: boolean): void {
    const now = performance.now();
    this.#posted = now;
    const timed = all || now - this.#timed >= TIMINGS_INTERVAL;
    if (timed) {
      this.#timed = now;
    }
    this.#post({
      type: 'progress',
      epoch: this.#epoch,
      epochsPerSecond: this.#epochsPerSecond,
      points: this.#points,
      ...(timed ? { timings: this.#timings() } : {}),
    });
    this.#points = [];
  }
}
