// A group: networks of one shape trained in the same dispatches, step by step.

import { UnderglassError } from '../base/errors';
import { RandomState } from '../base/random';
import type { Device } from '../gpu/device';
import { StagingRing } from '../gpu/readback';
import { download, upload } from '../gpu/tensor';
import { batchRanges, epochOrder } from '../nn/batches';
import { initialParameters, type LayerParameters } from '../nn/network';
import type { Optimiser } from '../nn/optimiser';
import { fuse } from '../program/fuse';
import { gradientSlots } from '../program/cost';
import { lowerStep, valueNames } from '../program/lower';
import { downloadGradient } from '../schedule/gradients';
import { Memory } from '../schedule/memory';
import { recordProfiledStep, recordSteps } from '../schedule/record';
import { type Schedule, schedule } from '../schedule/schedule';
import { StepTable } from '../schedule/step-table';
import { type TunedOperation, tune } from '../schedule/tuner';
import { type Evaluation, Evaluator, type Score } from './evaluation';
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
import { SpanTotals, type Timing } from './timings';
import { uploadOptimisers, uploadParameters, uploadSplit } from './uploads';

/** The optimiser of a member that was stopped. */
const STILL: Optimiser = { learningRate: 0, momentum: 0, l2: 0 };

/** Submits that the device may have ahead of it. */
const IN_FLIGHT = 2;

/** Steps from one timed step to the next, at least: each costs a pass for every kernel. */
const TIMED_EVERY = 8;

/** Steps that the table holds, at least; it always holds whole epochs. */
const TABLE_STEPS = 256;

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
  readonly schedule: Schedule;
  /** What the tuner found, operation by operation; empty where it was not asked. */
  readonly tuned: readonly TunedOperation[];
  readonly #memory: Memory;
  readonly #evaluator: Evaluator;
  readonly #table: StepTable;
  readonly #staging: StagingRing;
  readonly #spans: SpanTotals | undefined;
  readonly #random: RandomState;
  readonly #stepsAnEpoch: number;
  readonly #pace = new Pace();
  #step = 0;
  /** The first step that may be timed next. */
  #nextTimed = 0;
  #running = false;
  readonly #diverged: boolean[];

  private constructor(
    device: Device,
    options: GroupOptions,
    random: RandomState,
    parts: {
      memory: Memory;
      schedule: Schedule;
      tuned: readonly TunedOperation[];
      evaluator: Evaluator;
      table: StepTable;
      stepsAnEpoch: number;
    },
  ) {
    this.device = device;
    this.options = options;
    this.schedule = parts.schedule;
    this.tuned = parts.tuned;
    this.#random = random;
    this.#memory = parts.memory;
    this.#evaluator = parts.evaluator;
    this.#table = parts.table;
    this.#stepsAnEpoch = parts.stepsAnEpoch;
    this.#diverged = options.members.map(() => false);
    const timed = options.profile !== false && device.gpu.features.has('timestamp-query');
    this.#spans = timed ? new SpanTotals(device, parts.schedule) : undefined;
    const size = this.#memory.results.buffer.size + this.#evaluator.size + (this.#spans?.recorder.size ?? 0);
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
    const { rows } = splits.train;
    const epoch = batchRanges(rows, batch);
    const epochs = Math.max(1, Math.floor(TABLE_STEPS / epoch.length));
    const fused = options.program !== 'naive';
    const gathered = fused || batch !== 'full';
    const steps = Array.from({ length: epochs }, (_, i) =>
      epoch.map((range) => ({ ...range, start: range.start + (gathered ? i * rows : 0) })),
    ).flat();
    const naive = lowerStep({
      network,
      data: 'train',
      dataRows: rows,
      batchRows: Math.max(...epoch.map((range) => range.rows)),
      orderRows: gathered ? epochs * rows : 0,
      slots: steps.length,
      members: members.length,
      gradientSlots: fused ? gradientSlots(network, rows, members.length) : 1,
    });
    const program = fused ? fuse(naive) : naive;

    const owned: { dispose(): void }[] = [];
    try {
      return await device.guard(async () => {
        const memory = new Memory(device, program);
        owned.push(memory);
        const table = new StepTable(device, 'steps', steps);
        owned.push(table);
        uploadSplit(device, memory, 'train', splits.train);
        if (options.tuning && gathered) {
          const order = memory.tensor(valueNames.order('train'));
          upload(
            device,
            order,
            Uint32Array.from({ length: order.columns }, (_, i) => i % rows),
          );
        }
        const tuning = options.tuning && (await tune(device, program, memory, table, options.tuning));
        if (tuning) {
          memory.clear(device);
        }
        const streams = members.map(({ seed }) => new RandomState(seed));
        for (const [member, stream] of streams.entries()) {
          uploadParameters(device, memory, network, initialParameters(network, stream), member);
        }
        uploadOptimisers(
          device,
          memory,
          members.map(({ optimiser }) => optimiser),
        );
        const evaluator = await Evaluator.create(device, network, splits, memory, members.length);
        owned.push(evaluator);
        const parts = { memory, table, evaluator, stepsAnEpoch: epoch.length };
        const group = new Group(device, options, streams[0]!, {
          ...parts,
          schedule: await schedule(device, program, memory, tuning?.choose),
          tuned: tuning?.operations ?? [],
        });
        owned.push(group);
        return group;
      });
    } catch (error) {
      for (const owner of owned.toReversed()) {
        owner.dispose();
      }
      throw error;
    }
  }

  /** Whole epochs whose steps have been submitted. */
  get epoch(): number {
    return Math.floor(this.#step / this.#stepsAnEpoch);
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
    const last = (start + epochs) * this.#stepsAnEpoch;
    const evaluates = (epoch: number) => epoch % every === 0 || epoch === start + epochs;
    const flight: Promise<Finished>[] = [];
    const means = this.options.members.map(() => new RunningMean());
    const score = this.#memory.tensor(valueNames.score);
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
          const { rows } = this.#table.ranges[step % this.#table.ranges.length]!;
          const slot = (step % this.#table.ranges.length) * 4;
          for (const [member, mean] of means.entries()) {
            const at = score.offset / 4 + member * score.memberStride + slot;
            mean.add(scores[at]!, scores[at + 1]!, rows);
          }
          const done = step + 1;
          if (done % this.#stepsAnEpoch === 0) {
            const evaluated = done === submit.end ? evaluations : undefined;
            const members = means.map((mean, member) => this.#report(member, mean.take(), evaluated?.[member]));
            yield { epoch: done / this.#stepsAnEpoch, members, steps: done - origin, milliseconds };
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
    this.#evaluator.record(encoder, staging, 0);
    this.device.gpu.queue.submit([encoder.finish()]);
    const bytes = await this.#staging.read(staging);
    this.device.check();
    return this.#readEvaluations(bytes, 0);
  }

  /** A member's parameters, each w [inputs, outputs] and b [outputs]. */
  parameters(member = 0): Promise<LayerParameters[]> {
    return this.#download(member, valueNames.w, valueNames.b);
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
    const { rows } = this.#table.ranges[(this.#step - 1) % this.#table.ranges.length]!;
    const { velocity } = valueNames;
    const sums = await this.#sums(member);
    const after = await this.#download(member, valueNames.w, valueNames.b);
    const moved = await this.#download(
      member,
      (layer) => velocity(valueNames.w(layer)),
      (layer) => velocity(valueNames.b(layer)),
    );
    // Fused, the L2 term enters at the update; the weights it saw are those of now less their last move.
    const decays = this.schedule.program.operations.some(({ kind }) => kind === 'l2');
    const l2 = decays ? 0 : this.options.members[member]!.optimiser.l2;
    return sums.map(({ w, b }, i) => ({
      w: w.map((sum, k) => (sum + l2 * (after[i]!.w[k]! - moved[i]!.w[k]!)) / rows),
      b: b.map((sum) => sum / rows),
    }));
  }

  /** Frees everything but the device. Leave a running iterator first. */
  dispose(): void {
    this.#staging.dispose();
    this.#spans?.dispose();
    this.#evaluator.dispose();
    this.#table.dispose();
    this.#memory.dispose();
  }

  #submit(last: number, evaluates: (epoch: number) => boolean): Submit {
    this.device.check();
    const held = this.#table.ranges.length;
    const first = this.#step;
    const place = first % held;
    if (place === 0) {
      this.#drawOrder();
    }
    let end = Math.min(last, first + this.#pace.steps, first - place + held);
    for (let epoch = this.epoch + 1; epoch * this.#stepsAnEpoch <= end; epoch++) {
      if (evaluates(epoch)) {
        end = epoch * this.#stepsAnEpoch;
      }
    }
    const evaluated = end % this.#stepsAnEpoch === 0 && evaluates(end / this.#stepsAnEpoch);

    const staging = this.#staging.take();
    const encoder = this.device.gpu.createCommandEncoder({ label: 'steps' });
    let next = place;
    const spans = first >= this.#nextTimed ? this.#spans : undefined;
    if (spans) {
      recordProfiledStep(encoder, this.schedule, this.#table, next++, spans.recorder);
      spans.recorder.resolve(encoder, staging, this.#memory.results.buffer.size + this.#evaluator.size);
      this.#nextTimed = first + TIMED_EVERY;
    }
    const stop = place + end - first;
    if (next < stop) {
      recordSteps(encoder, this.schedule, this.#table, next, stop);
    }
    const results = this.#memory.results.buffer;
    encoder.copyBufferToBuffer(results, 0, staging, 0, results.size);
    if (evaluated) {
      this.#evaluator.record(encoder, staging, results.size);
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
    const { size } = this.#memory.results.buffer;
    submit.spans?.add(new BigUint64Array(bytes, size + this.#evaluator.size));
    return {
      submit,
      scores: new Float32Array(bytes, 0, size / 4),
      evaluations: submit.evaluated ? this.#readEvaluations(bytes, size) : undefined,
    };
  }

  /** A member's gradients as sums over the rows of the last batch. */
  async #sums(member: number): Promise<LayerParameters[]> {
    const layers: LayerParameters[] = [];
    for (const [layer, { name }] of this.options.network.layers.entries()) {
      const read = async (gradient: string) =>
        Float64Array.from(await downloadGradient(this.device, this.#memory, gradient, layer, member));
      layers.push({ w: await read(valueNames.dw(name)), b: await read(valueNames.db(name)) });
    }
    return layers;
  }

  #readEvaluations(bytes: ArrayBuffer, offset: number): Evaluation[] {
    const l2 = this.options.members.map(({ optimiser }) => optimiser.l2);
    return this.#evaluator.read(bytes, offset, l2);
  }

  #report(member: number, batches: Score, evaluation: Evaluation | undefined): MemberReport {
    const losses = [batches.loss, ...(evaluation ? Object.values(evaluation).map(({ loss }) => loss) : [])];
    if (!this.#diverged[member] && !losses.every(Number.isFinite)) {
      this.#diverged[member] = true;
      this.#still(member);
    }
    return { batches, evaluation, diverged: this.#diverged[member]! };
  }

  /** Stops a member: from zero parameters, velocities and rates it goes nowhere, and computes nothing strange. */
  #still(member: number): void {
    for (const { name, role, rows, columns } of this.schedule.program.values.values()) {
      if (role === 'parameter' || role === 'velocity') {
        upload(this.device, this.#memory.tensor(name), new Float32Array(rows * columns), member);
      }
    }
    const optimisers = this.options.members.map(({ optimiser }, i) => (this.#diverged[i] ? STILL : optimiser));
    uploadOptimisers(this.device, this.#memory, optimisers);
  }

  /** Draws the row order of every epoch that the table holds. */
  #drawOrder(): void {
    const order = this.#memory.find(valueNames.order('train'));
    if (!order) {
      return;
    }
    const { rows } = this.options.splits.train;
    const entries = new Uint32Array(order.columns);
    for (let start = 0; start < entries.length; start += rows) {
      entries.set(epochOrder(rows, this.options.batch, this.#random), start);
    }
    upload(this.device, order, entries);
  }

  async #download(
    member: number,
    w: (layer: string) => string,
    b: (layer: string) => string,
  ): Promise<LayerParameters[]> {
    const read = async (name: string) =>
      Float64Array.from(await download(this.device, this.#memory.tensor(name), member));
    const layers: LayerParameters[] = [];
    for (const { name } of this.options.network.layers) {
      layers.push({ w: await read(w(name)), b: await read(b(name)) });
    }
    return layers;
  }
}

interface Finished {
  readonly submit: Submit;
  readonly scores: Float32Array;
  readonly evaluations: readonly Evaluation[] | undefined;
}
