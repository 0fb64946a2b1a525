// A group: networks of one shape trained in the same dispatches, step by step.

import { UnderglassError } from '../base/errors';
import type { Device } from '../gpu/device';
import { StagingRing } from '../gpu/readback';
import type { Tensor } from '../gpu/tensor';
import type { LayerParameters } from '../nn/network';
import type { Evidence } from '../profile/evidence';
import { operationFindings } from '../profile/findings';
import type { Recording } from '../profile/recording';
import { NO_PROFILER, type StepProfiler, type SubmitWatch } from '../profile/step-profiler';
import { valueNames } from '../program/lower';
import type { Program } from '../program/program';
import type { Schedule } from '../schedule/schedule';
import type { TunedOperation } from '../schedule/tuner';
import type { Evaluation, Score } from './evaluation';
import {
  checkFit,
  checkSeeds,
  type GroupOptions,
  type GroupReport,
  type MemberReport,
  type RunOptions,
} from './group-options';
import { Pace } from './pace';
import { RunningMean } from './running-mean';
import { type RecordingOptions, recordingOf } from './recorded';
import { type Setup, setUp } from './setup';
import { type Timing, timingsOf } from './timings';

/** Submits that the device may have ahead of it. */
const IN_FLIGHT = 2;

/** Timed steps over those that the last timings were made of, from which on these are out of date. */
const NEWS = 17 / 16;

/** One submit: steps `first` to `end`, counted from the start of training. */
interface Submit {
  readonly first: number;
  readonly end: number;
  readonly evaluated: boolean;
  readonly watch: SubmitWatch;
  readonly staging: GPUBuffer;
}

/**
 * Trains the networks of a group.
 *
 * The same seed on the same adapter gives the same bits, however the steps are cut into
 * submits, whether they are timed or not, and whatever networks train beside one.
 */
export class Group {
  readonly device: Device;
  readonly options: GroupOptions;
  readonly #setup: Setup;
  readonly #staging: StagingRing;
  readonly #profiler: StepProfiler;
  /** The timings, and how many timed steps they were made of. */
  #timings: { readonly timed: number; readonly timings: readonly Timing[] } = { timed: 0, timings: [] };
  readonly #pace = new Pace();
  #step = 0;
  #running = false;
  /** The last step's gradients, where they are not where the program has them. */
  #gradient: Tensor | undefined;
  readonly #diverged = new Set<number>();

  private constructor(device: Device, options: GroupOptions, setup: Setup) {
    this.device = device;
    this.options = options;
    this.#setup = setup;
    const { memory, evaluator, profiler = NO_PROFILER } = setup;
    this.#profiler = profiler;
    const size = memory.results.buffer.size + evaluator.size + profiler.size;
    this.#staging = new StagingRing(device, 'results', size, IN_FLIGHT + 1);
  }

  /**
   * Puts data and initial weights on the device and compiles every kernel.
   *
   * @throws UnderglassError `shape` where the network does not fit the data, `limit` where a
   *   tensor or a grid exceeds the adapter's limits; nothing stays allocated then.
   */
  static async create(device: Device, options: GroupOptions): Promise<Group> {
    const { network, members, splits, batch } = options;
    checkFit(network, splits);
    checkSeeds(members, batch);
    return new Group(device, options, await setUp(device, options));
  }

  /** The operations of a step. */
  get program(): Program {
    return this.#setup.plan.program;
  }

  /** The operations of a step as dispatches, compiled when first asked for. */
  schedule(): Promise<Schedule> {
    return this.#setup.schedule();
  }

  /** How steps are run: `chained`, or the name of the resident variant. */
  get runner(): string {
    return this.#setup.runner.name;
  }

  /** What the tuner found, operation by operation; empty where it was not asked. */
  get tuned(): readonly TunedOperation[] {
    return this.#setup.tuned;
  }

  /** Whole epochs whose steps have been submitted. */
  get epoch(): number {
    return Math.floor(this.#step / this.#setup.plan.stepsAnEpoch);
  }

  /** Steps that have been submitted; a stop can come between two epochs. */
  get step(): number {
    return this.#step;
  }

  /**
   * Mean time of each kernel over the steps that were timed; empty where the adapter has no timestamps.
   *
   * Estimated anew once there is a sixteenth more to estimate from, so that it may be asked for often.
   */
  get timings(): readonly Timing[] {
    const { profiler } = this.#setup;
    const timed = profiler?.evidence.timed ?? 0;
    if (profiler && timed > this.#timings.timed * NEWS) {
      const { schedule, evidence } = profiler;
      const { estimates } = operationFindings(evidence, schedule.dispatches.length);
      this.#timings = { timed, timings: timingsOf(schedule, estimates) };
    }
    return this.#timings.timings;
  }

  /** Steps that have been timed operation by operation. */
  get timedSteps(): number {
    return this.#setup.profiler?.evidence.timed ?? 0;
  }

  /** The raw times, as they came; undefined where nothing is timed. */
  get evidence(): Evidence | undefined {
    return this.#setup.profiler?.evidence;
  }

  /**
   * All that the profiler has found so far; also after the device was lost.
   *
   * @throws UnderglassError `usage` where nothing is timed, or no step has been run
   */
  recording(options: RecordingOptions = {}): Recording {
    const { profiler } = this.#setup;
    if (!profiler || profiler.evidence.submits.length === 0) {
      const why = profiler
        ? 'no step is done yet; run an epoch first'
        : 'this network is not profiled; leave `profile` out';
      throw new UnderglassError('usage', `there is nothing to record: ${why}`);
    }
    return recordingOf(profiler, this.#setup, this.options, options);
  }

  /**
   * Trains on, and yields a report after each epoch as the device finishes it.
   *
   * Leaving the loop or aborting the signal stops after the work in flight; training can go
   * on later from there.
   */
  async *run({ epochs, every = 1, signal }: RunOptions): AsyncGenerator<GroupReport, void, void> {
    if (this.#running) {
      throw new UnderglassError('usage', 'this network is running already; leave that run first');
    }
    this.#running = true;
    const origin = this.#step;
    const start = this.epoch;
    const { table, plan } = this.#setup;
    const last = (start + epochs) * plan.stepsAnEpoch;
    const evaluates = (epoch: number) => epoch % every === 0 || epoch === start + epochs;
    const flight: Promise<Finished>[] = [];
    const means = this.options.members.map(() => new RunningMean());
    this.#pace.begin();
    this.#profiler.beginRun();
    try {
      if (origin === 0) {
        const evaluations = await this.evaluate();
        const members = evaluations.map((evaluation) => ({ batches: undefined, evaluation, diverged: false }));
        yield { epoch: 0, members, steps: 0, milliseconds: 0 };
      }
      const began = performance.now();
      while (flight.length > 0 || (this.#step < last && !signal?.aborted)) {
        while (flight.length < IN_FLIGHT && this.#step < last && !signal?.aborted) {
          flight.push(this.#finish(this.#submit(last, evaluates)));
        }
        const { submit, scores, evaluations } = await flight.shift()!;
        const milliseconds = performance.now() - began;
        for (let step = submit.first; step < submit.end; step++) {
          const { rows } = table.ranges[step % table.ranges.length]!;
          for (const [member, mean] of means.entries()) {
            const at = this.#scorePlace(step, member);
            mean.add(scores[at]!, scores[at + 1]!, rows);
          }
          const done = step + 1;
          if (done % plan.stepsAnEpoch === 0) {
            const evaluated = done === submit.end ? evaluations : undefined;
            const members = means.map((mean, member) => this.#report(member, mean.take(), evaluated?.[member]));
            yield { epoch: done / plan.stepsAnEpoch, members, steps: done - origin, milliseconds };
          }
        }
      }
    } finally {
      await Promise.allSettled(flight);
      this.#running = false;
    }
  }

  /** Each member's loss and accuracy of the three splits under the parameters as they are. */
  async evaluate(): Promise<Evaluation[]> {
    this.device.check();
    const encoder = this.device.gpu.createCommandEncoder({ label: 'evaluation' });
    const staging = this.#staging.take();
    this.#setup.evaluator.record(encoder, staging, 0);
    this.device.gpu.queue.submit([encoder.finish()]);
    const bytes = await this.#staging.read(staging);
    this.device.check();
    return this.#readEvaluations(bytes, 0);
  }

  /** A member's parameters, each w [inputs, outputs] and b [outputs]. */
  parameters(member = 0): Promise<LayerParameters[]> {
    return this.#setup.contents.parameters(member);
  }

  /**
   * A member's gradients of the last step's mean loss, with the L2 term, as the update used them.
   *
   * @throws UnderglassError `usage` before the first step.
   */
  async gradients(member = 0): Promise<LayerParameters[]> {
    if (this.#step === 0) {
      throw new UnderglassError('usage', 'there are no gradients before the first step; run one epoch first');
    }
    const { contents, table, plan } = this.#setup;
    const { rows } = table.ranges[(this.#step - 1) % table.ranges.length]!;
    const decayed = plan.program.operations.some(({ kind }) => kind === 'l2');
    return contents.gradients(member, rows, decayed, this.#gradient);
  }

  /** Frees everything but the device. Leave a running iterator first. */
  dispose(): void {
    const { runner, evaluator, table, memory } = this.#setup;
    this.#staging.dispose();
    this.#profiler.dispose();
    runner.dispose();
    evaluator.dispose();
    table.dispose();
    memory.dispose();
  }

  #submit(last: number, evaluates: (epoch: number) => boolean): Submit {
    this.device.check();
    const { contents, memory, table, plan, runner, evaluator } = this.#setup;
    const held = table.ranges.length;
    const first = this.#step;
    const place = first % held;
    if (place === 0) {
      contents.drawOrder();
    }
    let end = Math.min(last, first + this.#pace.steps, first - place + held);
    for (let epoch = this.epoch + 1; epoch * plan.stepsAnEpoch <= end; epoch++) {
      if (evaluates(epoch)) {
        end = epoch * plan.stepsAnEpoch;
      }
    }
    const evaluated = end % plan.stepsAnEpoch === 0 && evaluates(end / plan.stepsAnEpoch);

    const watch = this.#profiler.watch(first);
    const staging = this.#staging.take();
    const encoder = this.device.gpu.createCommandEncoder({ label: 'steps' });
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
    this.device.gpu.queue.submit([commands]);
    watch.submitted();
    this.#step = end;
    return { first, end, evaluated, watch, staging };
  }

  async #finish(submit: Submit): Promise<Finished> {
    const submitted = performance.now();
    const bytes = await this.#staging.read(submit.staging);
    this.#pace.finished(submit.end - submit.first, submitted);
    this.device.check();
    const { memory, evaluator } = this.#setup;
    const { size } = memory.results.buffer;
    const scores = new Float32Array(bytes, 0, size / 4);
    submit.watch.finished(bytes, size + evaluator.size, scores[this.#scorePlace(submit.end - 1, 0)]!);
    return {
      submit,
      scores,
      evaluations: submit.evaluated ? this.#readEvaluations(bytes, size) : undefined,
    };
  }

  #readEvaluations(bytes: ArrayBuffer, offset: number): Evaluation[] {
    const l2 = this.options.members.map(({ optimiser }) => optimiser.l2);
    return this.#setup.evaluator.read(bytes, offset, l2);
  }

  #report(member: number, batches: Score, evaluation: Evaluation | undefined): MemberReport {
    const losses = [batches.loss, ...(evaluation ? Object.values(evaluation).map(({ loss }) => loss) : [])];
    if (!this.#diverged.has(member) && !losses.every(Number.isFinite)) {
      this.#diverged.add(member);
      this.#setup.contents.still(member, this.#diverged);
    }
    return { batches, evaluation, diverged: this.#diverged.has(member) };
  }

  /** Where a member's mean loss of a step lies among the results. */
  #scorePlace(step: number, member: number): number {
    const { memory, table } = this.#setup;
    const score = memory.tensor(valueNames.score);
    return score.offset / 4 + member * score.memberStride + (step % table.ranges.length) * 4;
  }
}

interface Finished {
  readonly submit: Submit;
  readonly scores: Float32Array;
  readonly evaluations: readonly Evaluation[] | undefined;
}
