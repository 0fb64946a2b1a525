// The stopwatch: compares the times of two candidates on this adapter, in alternation.
//
// It takes the host's time from a submit to the end of its work, of so many repeats that
// neither the way there and back nor a browser's rounding of stamps matters, and works the
// same on adapters without timestamps.

import { median } from '../base/statistics';
import type { Device } from '../gpu/device';
import { recordRepeats } from './record';
import type { Runner } from './runner';
import type { Dispatch } from './schedule';
import type { StepTable } from './step-table';

/** Time that one measurement should take, in ms: many times the noise of a submit. */
const TARGET = 6;

const MOST_REPEATS = 4096;

/** Measurements of each candidate. */
const ROUNDS = 5;

/** Empty submits, of which the quickest tells the price of a submit. */
const EMPTY = 5;

/** Records work for so many repeats. */
type Work = (encoder: GPUCommandEncoder, repeats: number) => void;

/** Times of the first and the second candidate, in µs. */
type Pair = readonly [number, number];

/** Times work on a device; the contents of the memory that it runs on mean nothing afterwards. */
export class Stopwatch {
  readonly #device: Device;
  readonly #table: StepTable;
  #submit: number | undefined;

  constructor(device: Device, table: StepTable) {
    this.#device = device;
    this.#table = table;
  }

  /** Compares two variants of an operation: µs a dispatch. */
  compare(a: Dispatch, b: Dispatch): Promise<Pair> {
    const work =
      (dispatch: Dispatch): Work =>
      (encoder, repeats) =>
        recordRepeats(encoder, dispatch, this.#table, 0, repeats);
    return this.#compare(work(a), work(b), MOST_REPEATS);
  }

  /** Compares two runners: µs a step. */
  compareSteps(a: Runner, b: Runner): Promise<Pair> {
    const work =
      (runner: Runner): Work =>
      (encoder, repeats) =>
        runner.record(encoder, 0, repeats);
    return this.#compare(work(a), work(b), this.#table.ranges.length);
  }

  async #compare(a: Work, b: Work, most: number): Promise<Pair> {
    this.#submit ??= await this.#empty();
    const candidates = [];
    for (const work of a === b ? [a] : [a, b]) {
      // The first run warms caches. Repeats grow step by step: one reading that was too short by chance
      // must not make a submit that lasts for seconds.
      let repeats = 1;
      await this.#time(work, repeats);
      while (repeats < most && (await this.#time(work, repeats)) < TARGET / 2) {
        repeats = Math.min(most, 3 * repeats);
      }
      candidates.push({ work, repeats, times: [] as number[] });
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const { work, repeats, times } of candidates) {
        times.push((1000 * (await this.#time(work, repeats))) / repeats);
      }
    }
    const medians = candidates.map(({ times }) => median(times));
    return [medians[0]!, medians.at(-1)!];
  }

  /** Time of the work in ms, without the price of the submit. */
  async #time(work: Work, repeats: number): Promise<number> {
    const encoder = this.#device.gpu.createCommandEncoder({ label: 'tuning' });
    work(encoder, repeats);
    return Math.max(0, (await this.#elapsed(encoder.finish())) - this.#submit!);
  }

  async #empty(): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < EMPTY; i++) {
      times.push(await this.#elapsed(this.#device.gpu.createCommandEncoder({ label: 'nothing' }).finish()));
    }
    // Whatever else the machine does only adds; too high a price would leave nothing of short work.
    return Math.min(...times);
  }

  async #elapsed(commands: GPUCommandBuffer): Promise<number> {
    const { queue } = this.#device.gpu;
    const began = performance.now();
    queue.submit([commands]);
    await Promise.race([queue.onSubmittedWorkDone(), this.#device.failure]);
    // The queue of a disposed device is done at once.
    this.#device.check();
    return performance.now() - began;
  }
}
