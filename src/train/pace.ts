// Pace: how many steps one submit holds, so that the page answers and watchdogs stay calm.

/** GPU time that a submit should take, in ms. */
const TARGET = 30;

/** Adapts the steps of a submit to the time that they were seen to take. */
export class Pace {
  /** Steps for the next submit. */
  steps = 1;
  #finished = Number.NEGATIVE_INFINITY;

  /** Forgets when the last submit finished: what came between two runs is not the device's time. */
  begin(): void {
    this.#finished = Number.NEGATIVE_INFINITY;
  }

  /** Notes that a submit of `steps`, submitted at `submitted` (ms), has just finished. @returns the time that it took, in ms */
  finished(steps: number, submitted: number): number {
    const now = performance.now();
    const milliseconds = now - Math.max(submitted, this.#finished);
    const each = milliseconds / steps;
    this.#finished = now;
    // At most double, so that one lucky reading cannot make a submit that hangs the page.
    this.steps = Math.max(1, Math.min(2 * Math.max(steps, this.steps / 2), Math.floor(TARGET / each)));
    return milliseconds;
  }
}
