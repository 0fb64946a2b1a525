// The stopwatch: reads the time of work on this adapter.
//
// It takes the host's time from a submit to the end of its work, of so many repeats that
// neither the way there and back nor a browser's rounding of stamps matters, and works the
// same on adapters without timestamps.

import { completed } from '../gpu/completion';
import type { Device } from '../gpu/device';
import { recordRepeats } from './record';
import type { Runner } from './runner';
import type { Dispatch } from './schedule';
import type { StepTable } from './step-table';

/** Time that one reading should take, in ms: many times the noise of a submit. */
const TARGET = 4;

/** The largest factor by which repeats grow from one reading to the next. */
const MOST_GROWTH = 6;

/** What a reading comes to at least, in ms, so that ratios of readings exist. */
const LEAST = 1e-3;

const MOST_REPEATS = 4096;

/** Empty submits, of which the quickest tells the price of a submit. */
const EMPTY = 5;

/** Records work for so many repeats. */
type Work = (encoder: GPUCommandEncoder, repeats: number) => void;

/** Work that can be timed. */
export interface Timed {
  /** Repeats of which a reading is long enough, found out at the first call. */
  repeats(): Promise<number>;
  /** One reading, in µs a dispatch or a step. */
  read(repeats: number): Promise<number>;
}

/** Times work on a device; the contents of the memory that it runs on mean nothing afterwards. */
export class Stopwatch {
  readonly #device: Device;
  readonly #table: StepTable;
  #submit: number | undefined;

  constructor(device: Device, table: StepTable) {
    this.#device = device;
    this.#table = table;
  }

  /** An operation in some variant. */
  operation(dispatch: Dispatch): Timed {
    const work: Work = (encoder, repeats) => recordRepeats(encoder, dispatch, this.#table, 0, repeats);
    return this.#timed(work, MOST_REPEATS);
  }

  /** Steps, one after another. */
  steps(runner: Runner): Timed {
    const work: Work = (encoder, repeats) => runner.record(encoder, 0, repeats);
    return this.#timed(work, this.#table.ranges.length);
  }

  #timed(work: Work, most: number): Timed {
    let enough: Promise<number> | undefined;
    return {
      repeats: () => (enough ??= this.#repeats(work, most)),
      read: async (repeats) => (1000 * (await this.#time(work, repeats))) / repeats,
    };
  }

  /** How many repeats take about the target. */
  async #repeats(work: Work, most: number): Promise<number> {
    const growthAt = async (repeats: number) => TARGET / (await this.#time(work, repeats));
    // The first run warms caches. Repeats grow step by step: one reading that was too short by chance
    // must not make a submit that lasts for seconds.
    let repeats = 1;
    await this.#time(work, repeats);
    for (;;) {
      let growth = await growthAt(repeats);
      if (growth <= MOST_GROWTH) {
        // Nor must one that was held up leave readings too short.
        growth = Math.max(1, growth, await growthAt(repeats));
      }
      repeats = Math.min(most, Math.round(repeats * Math.min(growth, MOST_GROWTH)));
      if (growth <= MOST_GROWTH || repeats === most) {
        return repeats;
      }
    }
  }

  /** Time of the work in ms, without the price of the submit. */
  async #time(work: Work, repeats: number): Promise<number> {
    this.#submit ??= await this.#empty();
    const encoder = this.#device.gpu.createCommandEncoder({ label: 'tuning' });
    work(encoder, repeats);
    return Math.max(LEAST, (await this.#elapsed(encoder.finish())) - this.#submit);
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
    await completed(this.#device, queue.onSubmittedWorkDone());
    // The queue of a disposed device is done at once.
    this.#device.check();
    return performance.now() - began;
  }
}
