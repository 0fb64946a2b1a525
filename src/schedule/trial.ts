// The trial: what tuning chose, tried again in training itself, in turns with the defaults.
//
// Tuning repeats one operation by itself; training runs all of them, one after another. So a choice is kept only if training
// is faster for it, too. Both ways run the same steps on the same memory to the same bits: nothing is trained twice.

import type { Tensor } from '../gpu/tensor';
import type { Runner } from './runner';
import { addPair, judge, type Tally, TO_BE_KEPT } from './verdict';

/** Whether earlier trainings were clearly faster for a choice. */
export function isProven(tally: Tally): boolean {
  return judge(tally, TO_BE_KEPT) === 'faster';
}

/** Submits after which a trial ends that got no verdict, since too few of them could be compared. */
const MOST_TURNS = 256;

/** What training tells of its submits. */
export interface TrialWatch {
  /** The number of the submit that was recorded last. */
  readonly turn: number;
  /**
   * Notes how long a submit took; submits finish in their order.
   *
   * @param milliseconds a step, or undefined where other work was in the way
   */
  finished(turn: number, milliseconds: number | undefined): void;
  /** Notes that a run ends: what is known so far is kept, and what lies between two runs is not compared. */
  rest(): void;
}

/** Where there is nothing to try. */
export const NO_TRIAL: TrialWatch = { turn: 0, finished: () => undefined, rest: () => undefined };

/** What comes of a trial. */
export interface TrialOutcome {
  /** Keeps what is known so far. */
  readonly keep: (tally: Tally) => void;
  /** Told once if the choice does not hold: the defaults run from now on. */
  readonly drop: () => void;
}

/** Runs steps as chosen and as by default in turns, until it is clear which is faster; owns both runners. */
export class Trial implements Runner, TrialWatch {
  readonly #chosen: Runner;
  readonly #standard: Runner;
  readonly #outcome: TrialOutcome;
  #tally: Tally;
  #kept: Tally;
  /** What runs once the trial has ended. */
  #winner: Runner | undefined;
  #last: Runner;
  #turn = -1;
  /** The submit that finished last, while it waits for the other of its pair. */
  #waiting: { readonly isChosen: boolean; readonly milliseconds: number } | undefined;

  /** @param tally what earlier trainings found out about the same choice */
  constructor(chosen: Runner, standard: Runner, tally: Tally, outcome: TrialOutcome) {
    this.#chosen = this.#last = chosen;
    this.#standard = standard;
    this.#tally = this.#kept = tally;
    this.#outcome = outcome;
  }

  /** The choice's name, until it is dropped. */
  get name(): string {
    return (this.#winner ?? this.#chosen).name;
  }

  get gradient(): Tensor | undefined {
    return this.#last.gradient;
  }

  get turn(): number {
    return this.#turn;
  }

  record(encoder: GPUCommandEncoder, first: number, end: number, descriptor?: GPUComputePassDescriptor): void {
    this.#turn += 1;
    this.#last = this.#winner ?? this.#runnerOf(this.#turn);
    this.#last.record(encoder, first, end, descriptor);
  }

  finished(turn: number, milliseconds: number | undefined): void {
    if (this.#winner) {
      return;
    }
    const isChosen = this.#runnerOf(turn) === this.#chosen;
    const before = this.#waiting;
    this.#waiting = milliseconds === undefined ? undefined : { isChosen, milliseconds };
    if (before && milliseconds !== undefined && before.isChosen !== isChosen) {
      this.#waiting = undefined;
      this.#compare(isChosen ? before.milliseconds : milliseconds, isChosen ? milliseconds : before.milliseconds);
    }
    if (turn >= MOST_TURNS) {
      this.#winner ??= this.#chosen;
    }
  }

  rest(): void {
    this.#waiting = undefined;
    if (this.#tally !== this.#kept) {
      this.#kept = this.#tally;
      this.#outcome.keep(this.#tally);
    }
  }

  dispose(): void {
    this.#chosen.dispose();
    this.#standard.dispose();
  }

  /** The choice and the default take turns at being first: choice, default, default, choice. */
  #runnerOf(turn: number): Runner {
    return turn % 4 === 0 || turn % 4 === 3 ? this.#chosen : this.#standard;
  }

  #compare(standard: number, chosen: number): void {
    if (standard === chosen) {
      return;
    }
    this.#tally = addPair(this.#tally, standard, chosen, TO_BE_KEPT);
    const verdict = judge(this.#tally, TO_BE_KEPT);
    if (verdict === 'faster') {
      this.#winner = this.#chosen;
      this.rest();
    } else if (verdict === 'not faster') {
      this.#winner = this.#standard;
      this.#outcome.drop();
    }
  }
}
