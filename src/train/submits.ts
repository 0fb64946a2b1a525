// Submits: steps and evaluations recorded into command buffers, and what comes back of them.

import type { Device } from '../gpu/device';
import type { Tensor } from '../gpu/tensor';
import { NO_PROFILER, type StepProfiler, type SubmitWatch } from '../profile/step-profiler';
import { valueNames } from '../program/lower';
import type { Evaluation } from './evaluation';
import { Pace } from './pace';
import type { Setup } from './setup';

/** Submits that the device may have ahead of it. */
export const IN_FLIGHT = 2;

/** Host time of a submit, in ms, from which on the way there and back does not matter. */
const LONG_ENOUGH = 10;

/** What one submit left: steps `first` to `end`, counted from the start of training. */
export interface Finished {
  readonly first: number;
  readonly end: number;
  /** The scores of the table's steps, each member's; `scorePlace` tells where. */
  readonly scores: Float32Array;
  /** After the last step, where that was asked for. */
  readonly evaluations: readonly Evaluation[] | undefined;
}

/** Where among the scores a member's mean loss of a step lies; its accuracy comes next. */
export function scorePlace({ memory, table }: Setup, step: number, member: number): number {
  const score = memory.tensor(valueNames.score);
  return score.offset / 4 + member * score.memberStride + (step % table.ranges.length) * 4;
}

/** Submits the steps of a setup, and gives back what they leave. */
export class Submits {
  readonly #device: Device;
  readonly #setup: Setup;
  readonly #l2: readonly number[];
  readonly #profiler: StepProfiler;
  readonly #pace = new Pace();
  /** Settles with the last evaluation that was asked for: there is one staging buffer for them. */
  #evaluated: Promise<unknown> = Promise.resolve();
  #gradient: Tensor | undefined;

  /** @param l2 each member's coefficient */
  constructor(device: Device, setup: Setup, l2: readonly number[]) {
    this.#device = device;
    this.#setup = setup;
    this.#l2 = l2;
    this.#profiler = setup.profiler ?? NO_PROFILER;
  }

  /** The last step's gradients, where they are not where the program has them. */
  get gradient(): Tensor | undefined {
    return this.#gradient;
  }

  /** Notes that a run begins: what lies between two runs is not the device's time. */
  begin(): void {
    this.#pace.begin();
    this.#profiler.beginRun();
  }

  /**
   * Submits steps from `first` on: as many as the pace allows, but not beyond `last`, the table, an epoch to be evaluated,
   * or one that decides on what comes after it.
   *
   * @returns the step after the last one, and what it leaves
   */
  submit(
    first: number,
    last: number,
    evaluates: (epoch: number) => boolean,
    decides: (epoch: number) => boolean,
  ): { readonly end: number; readonly finished: Promise<Finished> } {
    const { contents, memory, table, plan, runner, trial, evaluator } = this.#setup;
    this.#device.checkBuffer(memory.results.buffer);
    const held = table.ranges.length;
    const place = first % held;
    if (place === 0) {
      contents.beginTurn(first);
    }
    let end = Math.min(last, first + this.#pace.steps, first - place + held);
    for (let epoch = Math.floor(first / plan.stepsAnEpoch) + 1; epoch * plan.stepsAnEpoch <= end; epoch++) {
      if (evaluates(epoch) || decides(epoch)) {
        end = epoch * plan.stepsAnEpoch;
      }
    }
    const evaluated = end % plan.stepsAnEpoch === 0 && evaluates(end / plan.stepsAnEpoch);

    const watch = this.#profiler.watch(first);
    const staging = this.#setup.staging.take();
    const encoder = this.#device.gpu.createCommandEncoder({ label: 'steps' });
    const results = memory.results.buffer;
    const stop = place + end - first;
    const next = place + watch.recordStep(encoder, place);
    this.#gradient = undefined;
    if (next < stop) {
      runner.record(encoder, next, stop, watch.steps(stop - next));
      this.#gradient = runner.gradient;
    }
    encoder.copyBufferToBuffer(results, 0, staging, 0, results.size);
    if (evaluated) {
      evaluator.record(encoder, staging, results.size, watch.evaluation());
    }
    watch.resolve(encoder, staging, results.size + evaluator.size);
    const commands = encoder.finish();
    watch.encoded();
    this.#device.gpu.queue.submit([commands]);
    watch.submitted();
    const steps = stop - next;
    return { end, finished: this.#finish({ first, end, steps, turn: trial.turn, evaluated, watch, staging }) };
  }

  /** Each member's loss and accuracy of the three splits under the parameters as they are; one evaluation after the other. */
  evaluate(): Promise<Evaluation[]> {
    const evaluation = this.#evaluated.then(() => this.#evaluate());
    this.#evaluated = evaluation.catch(() => undefined);
    return evaluation;
  }

  async #evaluate(): Promise<Evaluation[]> {
    this.#device.checkBuffer(this.#setup.memory.results.buffer);
    const encoder = this.#device.gpu.createCommandEncoder({ label: 'evaluation' });
    const staging = this.#setup.staging.take();
    this.#setup.evaluator.record(encoder, staging, 0);
    this.#device.gpu.queue.submit([encoder.finish()]);
    const bytes = await this.#setup.staging.read(staging);
    this.#device.check();
    return this.#setup.evaluator.read(bytes, 0, this.#l2);
  }

  async #finish({ first, end, steps, turn, evaluated, watch, staging }: Submit): Promise<Finished> {
    const submitted = performance.now();
    const bytes = await this.#setup.staging.read(staging);
    const took = this.#pace.finished(end - first, submitted);
    this.#device.check();
    const { memory, trial, evaluator } = this.#setup;
    const { size } = memory.results.buffer;
    const scores = new Float32Array(bytes, 0, size / 4);
    const stamped = watch.finished(bytes, size + evaluator.size, scores[scorePlace(this.#setup, end - 1, 0)]!);
    if (steps > 0) {
      const unstamped = evaluated || took < LONG_ENOUGH ? undefined : took / (end - first);
      trial.finished(turn, stamped === undefined ? unstamped : stamped / steps);
    }
    return { first, end, scores, evaluations: evaluated ? evaluator.read(bytes, size, this.#l2) : undefined };
  }
}

interface Submit {
  readonly first: number;
  readonly end: number;
  /** Steps that the runner recorded, and the trial's number of that. */
  readonly steps: number;
  readonly turn: number;
  readonly evaluated: boolean;
  readonly watch: SubmitWatch;
  readonly staging: GPUBuffer;
}
