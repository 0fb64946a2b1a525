// The trainer: a network, its data and its optimiser on one device, trained step by step.

import { UnderglassError } from '../base/errors';
import { RandomState } from '../base/random';
import type { Device } from '../gpu/device';
import { StagingRing } from '../gpu/readback';
import { download, upload } from '../gpu/tensor';
import { type BatchSize, batchRanges, epochOrder } from '../nn/batches';
import { initialParameters, type LayerParameters, type Network } from '../nn/network';
import type { Optimiser } from '../nn/optimiser';
import { fuse } from '../program/fuse';
import { lowerStep, valueNames } from '../program/lower';
import { optimiserStruct } from '../kernels/structs';
import { Memory } from '../schedule/memory';
import { recordProfiledStep, recordSteps } from '../schedule/record';
import { type Schedule, schedule } from '../schedule/schedule';
import { StepTable } from '../schedule/step-table';
import { type Evaluation, Evaluator, type Score, type Splits, uploadSplit } from './evaluation';
import { Pace } from './pace';
import type { ProgramName } from './report';
import { SpanTotals, type Timing } from './timings';

/** What to train, on what, and how. */
export interface TrainerOptions {
  readonly network: Network;
  readonly optimiser: Optimiser;
  readonly splits: Splits;
  /** Rows a step; `full` takes the training set in its own order. */
  readonly batch: BatchSize;
  /** Seeds the initial weights and then the order of the rows; a whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  /** `naive` runs one kernel a line of the tutorial, `fused` two a layer and one more. Default `fused`. */
  readonly program?: ProgramName;
  /** Time the kernels of a sample of the steps, where the adapter offers timestamps. Default true. */
  readonly profile?: boolean;
}

/** What a run reports after each epoch. */
export interface EpochReport {
  /** Epochs done; 0 before the first update. */
  readonly epoch: number;
  /** Mean over the epoch's rows, each as it was when its batch came, without the L2 term; undefined for epoch 0. */
  readonly batches: Score | undefined;
  /** Of the parameters after this epoch; undefined where this epoch was not to be evaluated. */
  readonly evaluation: Evaluation | undefined;
  /** Steps that the device has finished since the run began, and the time they took. */
  readonly steps: number;
  readonly milliseconds: number;
}

/** How far to run, and how often to look. */
export interface RunOptions {
  readonly epochs: number;
  /** Evaluate before the first epoch, every so many epochs, and after the last. Default 1. */
  readonly every?: number;
  /** Stops the run at the end of the work in flight; the iterator then ends. */
  readonly signal?: AbortSignal;
}

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
 * Trains one network.
 *
 * The same seed on the same adapter gives the same bits, however the steps are cut into
 * submits and whether they are timed or not.
 */
export class Trainer {
  readonly device: Device;
  readonly options: TrainerOptions;
  readonly schedule: Schedule;
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

  private constructor(
    device: Device,
    options: TrainerOptions,
    random: RandomState,
    parts: { memory: Memory; schedule: Schedule; evaluator: Evaluator; table: StepTable; stepsAnEpoch: number },
  ) {
    this.device = device;
    this.options = options;
    this.schedule = parts.schedule;
    this.#random = random;
    this.#memory = parts.memory;
    this.#evaluator = parts.evaluator;
    this.#table = parts.table;
    this.#stepsAnEpoch = parts.stepsAnEpoch;
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
  static async create(device: Device, options: TrainerOptions): Promise<Trainer> {
    const { network, splits, batch } = options;
    checkFit(network, splits);
    const random = new RandomState(options.seed);
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
      members: 1,
    });
    const program = fused ? fuse(naive) : naive;

    const owned: { dispose(): void }[] = [];
    try {
      return await device.guard(async () => {
        const memory = new Memory(device, program);
        owned.push(memory);
        uploadSplit(device, memory, 'train', splits.train);
        uploadParameters(device, memory, network, initialParameters(network, random));
        uploadOptimiser(device, memory, options.optimiser);
        const table = new StepTable(device, 'steps', steps);
        owned.push(table);
        const evaluator = await Evaluator.create(device, network, splits, memory);
        owned.push(evaluator);
        const parts = { memory, table, evaluator, stepsAnEpoch: epoch.length };
        const trainer = new Trainer(device, options, random, {
          ...parts,
          schedule: await schedule(device, program, memory),
        });
        owned.push(trainer);
        return trainer;
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
  async *run({ epochs, every = 1, signal }: RunOptions): AsyncGenerator<EpochReport, void, void> {
    if (this.#running) {
      throw new UnderglassError('usage', 'this trainer is running already; leave that run first');
    }
    this.#running = true;
    const origin = this.#step;
    const start = this.epoch;
    const last = (start + epochs) * this.#stepsAnEpoch;
    const evaluates = (epoch: number) => epoch % every === 0 || epoch === start + epochs;
    const flight: Promise<Finished>[] = [];
    const mean = new RunningMean();
    this.#pace.begin();
    try {
      if (origin === 0) {
        const evaluation = await this.evaluate();
        yield { epoch: 0, batches: undefined, evaluation, steps: 0, milliseconds: 0 };
      }
      const began = performance.now();
      while (flight.length > 0 || (this.#step < last && !signal?.aborted)) {
        while (flight.length < IN_FLIGHT && this.#step < last && !signal?.aborted) {
          flight.push(this.#finish(this.#submit(last, evaluates)));
        }
        const { submit, scores, evaluation } = await flight.shift()!;
        const milliseconds = performance.now() - began;
        for (let step = submit.first; step < submit.end; step++) {
          const { rows } = this.#table.ranges[step % this.#table.ranges.length]!;
          const slot = (step % this.#table.ranges.length) * 4;
          mean.add(scores[slot]!, scores[slot + 1]!, rows);
          const done = step + 1;
          if (done % this.#stepsAnEpoch === 0) {
            const epoch = done / this.#stepsAnEpoch;
            const batches = mean.take();
            const ends = done === submit.end;
            yield { epoch, batches, evaluation: ends ? evaluation : undefined, steps: done - origin, milliseconds };
          }
        }
      }
    } finally {
      await Promise.allSettled(flight);
      this.#running = false;
    }
  }

  /** Loss and accuracy of the three splits under the parameters as they are. */
  async evaluate(): Promise<Evaluation> {
    this.device.check();
    const encoder = this.device.gpu.createCommandEncoder({ label: 'evaluation' });
    const staging = this.#staging.take();
    this.#evaluator.record(encoder, staging, 0);
    this.device.gpu.queue.submit([encoder.finish()]);
    const bytes = await this.#staging.read(staging);
    this.device.check();
    return this.#evaluator.read(bytes, 0, this.options.optimiser.l2);
  }

  /** The parameters on the device, each w [inputs, outputs] and b [outputs]. */
  parameters(): Promise<LayerParameters[]> {
    return this.#download(valueNames.w, valueNames.b);
  }

  /**
   * The gradients of the last step's mean loss, with the L2 term, as the update used them.
   *
   * @throws UnderglassError `usage` before the first step.
   */
  async gradients(): Promise<LayerParameters[]> {
    if (this.#step === 0) {
      throw new UnderglassError('usage', 'there are no gradients before the first step; run one epoch first');
    }
    const { rows } = this.#table.ranges[(this.#step - 1) % this.#table.ranges.length]!;
    const { velocity } = valueNames;
    const sums = await this.#download(valueNames.dw, valueNames.db);
    const after = await this.#download(valueNames.w, valueNames.b);
    const moved = await this.#download(
      (layer) => velocity(valueNames.w(layer)),
      (layer) => velocity(valueNames.b(layer)),
    );
    // Fused, the L2 term enters at the update; the weights it saw are those of now less their last move.
    const decays = this.schedule.program.operations.some(({ kind }) => kind === 'l2');
    const l2 = decays ? 0 : this.options.optimiser.l2;
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
      evaluation: submit.evaluated ? this.#evaluator.read(bytes, size, this.options.optimiser.l2) : undefined,
    };
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

  async #download(w: (layer: string) => string, b: (layer: string) => string): Promise<LayerParameters[]> {
    const read = async (name: string) => Float64Array.from(await download(this.device, this.#memory.tensor(name)));
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
  readonly evaluation: Evaluation | undefined;
}

/** The mean score of the batches of one epoch, weighted by their rows. */
class RunningMean {
  #loss = 0;
  #hits = 0;
  #rows = 0;

  add(loss: number, accuracy: number, rows: number): void {
    this.#loss += loss * rows;
    this.#hits += accuracy * rows;
    this.#rows += rows;
  }

  take(): Score {
    const score = { loss: this.#loss / this.#rows, accuracy: this.#hits / this.#rows };
    this.#loss = this.#hits = this.#rows = 0;
    return score;
  }
}

function checkFit(network: Network, splits: Splits): void {
  const { inputs } = network.layers[0]!;
  const { outputs } = network.layers.at(-1)!;
  for (const { name, columns, classes } of Object.values(splits)) {
    if (columns !== inputs) {
      throw new UnderglassError(
        'shape',
        `${name} has ${columns} columns but the network takes ${inputs}; make them equal`,
      );
    }
    if (classes > outputs) {
      throw new UnderglassError(
        'shape',
        `${name} has ${classes} classes but the network's last layer ${outputs}; widen it`,
      );
    }
  }
}

function uploadParameters(device: Device, memory: Memory, network: Network, parameters: LayerParameters[]): void {
  for (const [i, { name }] of network.layers.entries()) {
    upload(device, memory.tensor(valueNames.w(name)), parameters[i]!.w);
    upload(device, memory.tensor(valueNames.b(name)), parameters[i]!.b);
  }
}

function uploadOptimiser(device: Device, memory: Memory, optimiser: Optimiser): void {
  const { fields, size } = optimiserStruct;
  const numbers = new Float32Array(size / 4);
  numbers[fields.learning_rate.offset / 4] = optimiser.learningRate;
  numbers[fields.momentum.offset / 4] = optimiser.momentum;
  numbers[fields.l2.offset / 4] = optimiser.l2;
  upload(device, memory.tensor(valueNames.optimiser), numbers);
}
