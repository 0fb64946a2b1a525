// The trainer: one network, its data and its optimiser on one device; a group of one.

import { UnderglassError } from '../base/errors';
import type { Device } from '../gpu/device';
import type { LayerParameters } from '../nn/network';
import type { Recording } from '../profile/recording';
import type { Schedule } from '../schedule/schedule';
import type { TunedOperation } from '../schedule/tuner';
import { describeDivergence, type Divergence, divergenceRemedy } from './divergence';
import type { Judgement } from './decisions';
import type { Evaluation } from './evaluation';
import { Group } from './group';
import type { GroupOptions, Member, MemberReport, RunOptions } from './group-options';
import { checkTrainerOptions } from './option-checks';
import type { RecordingOptions } from './recorded';
import type { TrainingState } from './state';
import type { Timing } from './timings';

/** What to train, on what, and how. */
export type TrainerOptions = Omit<GroupOptions, 'members'> & Member;

/** What a run reports after each epoch. */
export interface EpochReport extends Omit<MemberReport, 'divergence'> {
  /** Epochs done; 0 before the first update. */
  readonly epoch: number;
  /** Steps that the device has finished since the run began, and the time they took. */
  readonly steps: number;
  readonly milliseconds: number;
}

/**
 * Trains one network.
 *
 * The same seed on the same adapter gives the same bits, however the steps are cut into
 * submits and whether they are timed or not. Once it is disposed, what needs the device is refused with `usage`; what was
 * found about times can still be asked for.
 */
export class Trainer {
  readonly options: TrainerOptions;
  readonly #group: Group;

  private constructor(options: TrainerOptions, group: Group) {
    this.options = options;
    this.#group = group;
  }

  /**
   * Puts data and initial weights, or those of `from`, on the device and compiles every kernel.
   *
   * @throws UnderglassError `usage` for an option that makes no sense, `data` where a split or `from` holds what is no
   *   number, `shape` where the network does not fit the data, or `from` the network, all before anything is allocated;
   *   `limit` where a tensor or a grid exceeds the adapter's limits; nothing stays allocated then.
   */
  static async create(device: Device, options: TrainerOptions): Promise<Trainer> {
    checkTrainerOptions(device, options);
    const { optimiser, seed, ...rest } = options;
    return new Trainer(options, await Group.create(device, { ...rest, members: [{ optimiser, seed }] }));
  }

  get device(): Device {
    return this.#group.device;
  }

  /** The operations of a step as dispatches, compiled when first asked for. */
  schedule(): Promise<Schedule> {
    return this.#group.schedule();
  }

  /** How steps are run: `chained`, or the name of the resident variant. */
  get runner(): string {
    return this.#group.runner;
  }

  /** What the tuner found, operation by operation; empty where it was not asked. */
  get tuned(): readonly TunedOperation[] {
    return this.#group.tuned;
  }

  /** Whole epochs whose steps have been submitted. */
  get epoch(): number {
    return this.#group.epoch;
  }

  /** Steps that have been submitted; a stop can come in the midst of an epoch. */
  get step(): number {
    return this.#group.step;
  }

  get stepsAnEpoch(): number {
    return this.#group.stepsAnEpoch;
  }

  /** Mean time of each kernel over the steps that were timed; empty where the adapter has no timestamps. */
  get timings(): readonly Timing[] {
    return this.#group.timings;
  }

  /** Steps that have been timed operation by operation. */
  get timedSteps(): number {
    return this.#group.timedSteps;
  }

  /**
   * When the time line of a recording begins, in ms on the clock of `performance.now()`; undefined while there is nothing to record.
   *
   * It places a recording's passes beside what else happened, as `devtoolsEntries` does.
   */
  get timelineOrigin(): number | undefined {
    return this.#group.timelineOrigin;
  }

  /**
   * All that was found about the times of this training so far, as plain data; also after the device was lost.
   *
   * @throws UnderglassError `usage` where nothing is timed, or no step has been run
   */
  recording(options: RecordingOptions = {}): Recording {
    return this.#group.recording(options);
  }

  /**
   * Trains on, and yields a report whenever an epoch is complete, as the device finishes it.
   *
   * Leaving the loop or aborting the signal stops after the work in flight; training can go
   * on later from there, in the midst of an epoch as well.
   *
   * @throws UnderglassError `diverged` once a loss is NaN or infinite, with the step and the layer; `usage` where a run
   *   goes on already, or the length makes no sense
   */
  async *run(options: RunOptions): AsyncGenerator<EpochReport, void, void> {
    for await (const { epoch, members, steps, milliseconds } of this.#group.run(options)) {
      const { batches, evaluation, stopped, divergence } = members[0]!;
      if (divergence) {
        break;
      }
      yield { epoch, batches, evaluation, stopped, steps, milliseconds };
    }
    this.#refuseDiverged();
  }

  /** How the training left the finite numbers; undefined while it has not. */
  get divergence(): Divergence | undefined {
    return this.#group.divergence();
  }

  /** Whether early stopping has ended the training; a further run then does nothing. */
  get stopped(): boolean {
    return this.#group.stopped();
  }

  /** The best evaluation of the validation set so far and its epoch; undefined without early stopping. */
  get best(): Judgement['best'] {
    return this.#group.best();
  }

  /**
   * Puts the parameters of the best evaluation in place, where early stopping is asked for; to be called once training has
   * ended, however it did.
   *
   * @throws UnderglassError `usage` while a run goes on
   */
  restoreBest(): void {
    this.#group.restoreBest();
  }

  /**
   * Where training stands, as plain data, for another trainer to go on from.
   *
   * While a run goes on, at one of its reports only: the work in flight is awaited first.
   *
   * @throws UnderglassError `usage` where steps are being submitted
   */
  state(): Promise<TrainingState> {
    return this.#group.state();
  }

  /**
   * Loss and accuracy of the three splits under the parameters as they are.
   *
   * @throws UnderglassError `diverged` once the training has
   */
  async evaluate(): Promise<Evaluation> {
    return (await this.#whileFinite(() => this.#group.evaluate()))[0]!;
  }

  /**
   * The parameters on the device, each w [inputs, outputs] and b [outputs].
   *
   * @throws UnderglassError `diverged` once the training has
   */
  parameters(): Promise<LayerParameters[]> {
    return this.#whileFinite(() => this.#group.parameters());
  }

  /** Whether there are gradients to read: whether a step has been made here. */
  get hasGradients(): boolean {
    return this.#group.hasGradients;
  }

  /**
   * The gradients of the last step's mean loss, with the L2 term, as the update used them.
   *
   * @throws UnderglassError `usage` before the first step that is made here, `diverged` once the training has
   */
  gradients(): Promise<LayerParameters[]> {
    return this.#whileFinite(() => this.#group.gradients());
  }

  /**
   * Frees everything but the device. Safe to call twice.
   *
   * What still waits for the device fails with `usage`, a running iterator too.
   */
  dispose(): void {
    this.#group.dispose();
  }

  /** What `work` gives, unless the training has diverged: its numbers, set to zero since, mean nothing then. */
  async #whileFinite<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseDiverged();
    const value = await work();
    this.#refuseDiverged();
    return value;
  }

  #refuseDiverged(): void {
    const { divergence } = this;
    if (divergence) {
      const { optimiser, batch, splits } = this.options;
      const remedy = divergenceRemedy(optimiser, batch === 'full' ? splits.train.rows : batch);
      throw new UnderglassError('diverged', `${describeDivergence(divergence, this.stepsAnEpoch)}; use ${remedy}`);
    }
  }
}
