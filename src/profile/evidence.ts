// Evidence: the raw times of a training, as they came, kept until somebody asks what they mean.

import type { Interval } from './accounting';

/** A step that was run with a pass for each operation. */
export interface TimedStep {
  /** Its number, from the start of training. */
  readonly number: number;
  /** Begin and end of each operation's pass, in ns. */
  readonly stamps: BigUint64Array;
  /** No pass can have lasted longer, in ns: the host had the results by then. Undefined where it did not look. */
  readonly longestNs?: number;
}

/** A stamped part of a submit. */
export interface StampedSpan {
  readonly what: 'operation' | 'steps' | 'evaluation' | 'gap';
  /** Index among the step's operations; -1 for what is none of them. */
  readonly operation: number;
  readonly beginNs: bigint;
  readonly endNs: bigint;
}

/** One submit; times of the host are those of `performance.now()`, in µs. */
export interface WatchedSubmit {
  /** Which run it belongs to, from 1. */
  readonly run: number;
  /** Steps that ran in one pass together, and those that had a pass for each operation. */
  readonly steps: number;
  readonly timedSteps: number;
  /** Steps done once it is done, from the start of training. */
  readonly done: number;
  /** The mean loss of its last step's rows. */
  readonly loss: number;
  readonly encode: Interval;
  readonly submit: Interval;
  readonly readBack: Interval;
  /** In the order in which they were recorded; empty without timestamps. */
  readonly spans: readonly StampedSpan[];
}

/** What is kept of a training: the latest of each. */
export class Evidence {
  readonly steps: TimedStep[] = [];
  readonly submits: WatchedSubmit[] = [];
  readonly #kept: number;
  #timed = 0;

  /** @param kept timed steps, and submits, at most */
  constructor(kept: number) {
    this.#kept = kept;
  }

  /** Steps that have been timed, whether kept or not. */
  get timed(): number {
    return this.#timed;
  }

  addStep(step: TimedStep): void {
    this.#timed += 1;
    this.steps.push(step);
    if (this.steps.length > this.#kept) this.steps.shift();
  }

  addSubmit(submit: WatchedSubmit): void {
    this.submits.push(submit);
    if (this.submits.length > this.#kept) this.submits.shift();
  }

  /** Forgets the timed steps. */
  forgetSteps(): void {
    this.steps.length = 0;
  }
}
