// A peer: one way to do a task in a browser.

import type { Task } from '../tasks';

/** One library on one backend. */
export interface Peer {
  /** Starts the library on its backend. */
  start(): Promise<void>;
  /**
   * Takes up a task from its initial numbers; what an earlier task held is freed.
   *
   * @param cold whether somebody waits for the first step, and has never been here
   */
  prepare(task: Task, cold?: boolean): Promise<void>;
  /**
   * Does `count` steps and waits until all their work is done.
   *
   * Training: each network of the task is updated `count` times. Products: each is computed anew.
   */
  step(count: number): Promise<void>;
  /**
   * A number that shows what was computed: for training the loss of the present parameters with its L2 term, mean
   * over the networks; for a product the last entry over the size.
   */
  score(): Promise<number>;
  /** The name of the adapter and what else is worth telling. */
  describe(): string;
}

/** Reads the number of a result, which a backend may give in many ways. */
export function single(values: ArrayLike<number>): number {
  const value = values[0];
  if (value === undefined) throw new Error('a result has no number');
  return value;
}
