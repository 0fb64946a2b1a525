// A group: networks of one shape trained in the same dispatches, step by step.

import { UnderglassError } from '../base/errors';
import type { Device } from '../gpu/device';
import { StagingRing } from '../gpu/readback';
import type { Tensor } from '../gpu/tensor';
import { TimestampRecorder } from '../gpu/timestamps';
import type { LayerParameters } from '../nn/network';
import { valueNames } from '../program/lower';
import type { Program } from '../program/program';
import { recordProfiledStep } from '../schedule/record';
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
import { type Setup, setUp } from './setup';
import { SpanTotals, type Timing } from './timings';

/** Submits that the device may have ahead of it. */
const IN_FLIGHT = 2;

/** Steps from one timed step to the next, at least: each costs a pass for every kernel. */
const TIMED_EVERY = 8;

/** One submit: steps `first` to `end`, counted from the start of training. */
interface Submit {
  readonly first: number;
  readonly end: number;
  readonly evaluated: boolean;
  /** Where the spans of its first step go, if that was timed. */
  readonly spans: SpanTotals | undefined;
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
  /** Spans of the steps that are timed, once their kernels are compiled. */
  #spans: SpanTotals | undefined;
  readonly #pace = new Pace();
  #step = 0;
  /** The first step that may be timed next. */
  #nextTimed = 0;
  #running = false;
  #disposed = false;
  /** The last step's gradients, where they are not where the program has them. */
  #gradient: Tensor | undefined;
  readonly #diverged = new Set<number>();

  private constructor(device: Device, options: GroupOptions, setup: Setup) {
    this.device = device;
    this.options = options;
    this.#setup = setup;
    const { memory, evaluator, plan } = setup;
    const stamps = this.#timed ? TimestampRecorder.bytes(plan.program.operations.length) : 0;
    const size = memory.results.buffer.size + evaluator.size + stamps;
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
    const group = new Group(device, options, await setUp(device, options));
    if (group.#timed) {
      await group.#prepareSpans();
    }
    return group;
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

  /** Mean time of each kernel over the steps that were timed; empty where the adapter has no timestamps. */
  get timings(): readonly Timing[] {
    return this.#spans?.timings ?? [];
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
    const { memory, table, plan } = this.#setup;
    const last = (start + epochs) * plan.stepsAnEpoch;
    const evaluates = (epoch: number) => epoch % every === 0 || epoch === start + epochs;
    const flight: Promise<Finished>[] = [];
    const means = this.options.members.map(() => new RunningMean());
    const score = memory.tensor(valueNames.score);
    this.#pace.begin();
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
          const slot = (step % table.ranges.length) * 4;
          for (const [member, mean] of means.entries()) {
            const at = score.offset / 4 + member * score.memberStride + slot;
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
    this.#disposed = true;
    const { runner, evaluator, table, memory } = this.#setup;
    this.#staging.dispose();
    this.#spans?.dispose();
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

    const staging = this.#staging.take();
    const encoder = this.device.gpu.createCommandEncoder({ label: 'steps' });
    const results = memory.results.buffer;
    let next = place;
    const spans = first >= this.#nextTimed ? this.#spans : undefined;
    if (spans) {
      recordProfiledStep(encoder, spans.schedule, table, next++, spans.recorder);
      spans.recorder.resolve(encoder, staging, results.size + evaluator.size);
      this.#nextTimed = first + TIMED_EVERY;
      this.#gradient = undefined;
    }
    const stop = place + end - first;
    if (next < stop) {
      runner.record(encoder, next, stop);
      this.#gradient = runner.gradient;
    }
    encoder.copyBufferToBuffer(results, 0, staging, 0, results.size);
    if (evaluated) {
      evaluator.record(encoder, staging, results.size);
    }
    this.device.gpu.queue.submit([encoder.finish()]);
    this.#step = end;
    return { first, end, evaluated, spans, staging };
  }

  async #finish(submit: Submit): Promise<Finished> {
    const submitted = performance.now();
    const bytes = await this.#staging.read(submit.staging);
    this.#pace.finished(submit.end - submit.first, submitted);
    this.device.check();
    const { memory, evaluator } = this.#setup;
    const { size } = memory.results.buffer;
    submit.spans?.add(new BigUint64Array(bytes, size + evaluator.size));
    return {
      submit,
      scores: new Float32Array(bytes, 0, size / 4),
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

  get #timed(): boolean {
    return this.options.profile !== false && this.device.gpu.features.has('timestamp-query');
  }

  /** Times single operations from when they are compiled; resident steps do without them until then. */
  async #prepareSpans(): Promise<void> {
    const schedule = await this.#setup.schedule();
    if (!this.#disposed) {
      this.#spans = new SpanTotals(this.device, schedule);
    }
  }
}

interface Finished {
  readonly submit: Submit;
  readonly scores: Float32Array;
  readonly evaluations: readonly Evaluation[] | undefined;
}
