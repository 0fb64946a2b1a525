// A group: networks of one shape trained in the same dispatches, step by step.

import { UnderglassError } from '../base/errors';
import { fingerprint } from '../data/dataset';
import type { Device } from '../gpu/device';
import type { LayerParameters } from '../nn/network';
import type { Evidence } from '../profile/evidence';
import { operationFindings } from '../profile/findings';
import type { Recording } from '../profile/recording';
import type { Program } from '../program/program';
import type { Schedule } from '../schedule/schedule';
import type { TunedOperation } from '../schedule/tuner';
import { Decisions, type Judgement, stoppingOf } from './decisions';
import type { Divergence } from './divergence';
import type { Evaluation } from './evaluation';
import {
  checkFit,
  checkKinds,
  checkSeeds,
  type GroupOptions,
  type GroupReport,
  lastStep,
  type RunOptions,
} from './group-options';
import { checkRunOptions } from './option-checks';
import { type RecordingOptions, recordingOf } from './recorded';
import { Scores } from './scores';
import { type Setup, setUp } from './setup';
import type { MemberState, TrainingState } from './state';
import { type Finished, IN_FLIGHT, Submits } from './submits';
import { type Timing, timingsOf } from './timings';

/** Timed steps over those that the last timings were made of, from which on these are out of date. */
const NEWS = 17 / 16;

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
  readonly #submits: Submits;
  /** The timings, and how many timed steps they were made of. */
  #timings: { readonly timed: number; readonly timings: readonly Timing[] } = { timed: 0, timings: [] };
  #step: number;
  #disposed = false;
  #data: number | undefined;
  /** The step from which on gradients are in memory. */
  readonly #origin: number;
  readonly #scores: Scores;
  readonly #decisions: Decisions;
  /** The run that goes on, and whether its reader holds it, at a report. */
  #run: { readonly first: number; readonly began: number; held: boolean } | undefined;
  /** Submits whose results are awaited, and reports that are not yet told. */
  readonly #flight: Promise<Finished>[] = [];
  readonly #reports: GroupReport[] = [];

  private constructor(device: Device, options: GroupOptions, setup: Setup) {
    this.device = device;
    this.options = options;
    this.#setup = setup;
    const { network, members, from } = options;
    const l2 = members.map(({ optimiser }) => optimiser.l2);
    this.#submits = new Submits(device, setup, l2);
    this.#scores = new Scores(network, members.length, setup, from?.members);
    const { contents, best, plan } = setup;
    this.#decisions = new Decisions(options, contents, best, plan.stepsAnEpoch, from?.members);
    this.#step = this.#origin = from?.step ?? 0;
    this.#data = from?.data;
  }

  /**
   * Puts data and initial weights, or those of `from`, on the device and compiles every kernel.
   *
   * @throws UnderglassError `shape` where the network does not fit the data, or `from` the network, `limit` where a
   *   tensor or a grid exceeds the adapter's limits; nothing stays allocated then.
   */
  static async create(device: Device, options: GroupOptions): Promise<Group> {
    const { network, members, splits, batch } = options;
    checkFit(network, Object.values(splits));
    checkSeeds(members, batch);
    checkKinds(members);
    stoppingOf(options);
    return new Group(device, options, await setUp(device, options));
  }

  /** The operations of a step. */
  get program(): Program {
    return this.#setup.plan.program;
  }

  /** The operations of a step as dispatches, compiled when first asked for. */
  schedule(): Promise<Schedule> {
    return this.#whileAlive(() => this.#setup.schedule());
  }

  /** How steps are run: `chained`, or the name of the resident variant. */
  get runner(): string {
    return this.#setup.runner.name;
  }

  /** What the tuner found, operation by operation; empty where it was not asked. */
  get tuned(): readonly TunedOperation[] {
    return this.#setup.tuned();
  }

  /** Whole epochs whose steps have been submitted. */
  get epoch(): number {
    return Math.floor(this.#step / this.#setup.plan.stepsAnEpoch);
  }

  /** Steps that have been submitted; a stop can come in the midst of an epoch. */
  get step(): number {
    return this.#step;
  }

  get stepsAnEpoch(): number {
    return this.#setup.plan.stepsAnEpoch;
  }

  /** How a member left the finite numbers; undefined while it has not. Its parameters and gradients mean nothing then. */
  divergence(member = 0): Divergence | undefined {
    return this.#scores.divergences[member];
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

  /** When the time line of a recording begins, in ms on the clock of `performance.now()`; undefined while there is none. */
  get timelineOrigin(): number | undefined {
    const submits = this.evidence?.submits ?? [];
    const first = submits.find(({ run }) => run === submits.at(-1)!.run);
    return first && first.encode.beginUs / 1000;
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
   * Trains on, and yields a report whenever an epoch is complete, as the device finishes it.
   *
   * Leaving the loop or aborting the signal stops after the work in flight; training can go
   * on later from there, in the midst of an epoch as well. Once every network has diverged or was stopped early the run ends.
   *
   * @throws UnderglassError `usage` where a run goes on already, the length makes no sense, or the group is disposed
   */
  async *run(options: RunOptions): AsyncGenerator<GroupReport, void, void> {
    this.#checkAlive();
    checkRunOptions(options);
    const { every = 1, signal, ...length } = options;
    if (this.#run) {
      throw new UnderglassError('usage', 'this network is running already; leave that run first');
    }
    const last = lastStep(length, this.#step, this.stepsAnEpoch);
    const evaluates = (epoch: number) => epoch % every === 0 || epoch * this.stepsAnEpoch === last;
    const decides = (epoch: number) => this.#decisions.decides(evaluates(epoch));
    const goesOn = () => this.#step < last && !signal?.aborted && this.#learns && !this.#awaitsDecision(decides);
    const run = { first: this.#step, began: performance.now(), held: false };
    this.#run = run;
    this.#submits.begin();
    try {
      if (run.first === 0) {
        const members = (await this.evaluate()).map((evaluation) => ({
          batches: undefined,
          evaluation,
          divergence: undefined,
          stopped: false,
        }));
        this.#decisions.take(0, members);
        run.held = true;
        yield { epoch: 0, members, steps: 0, milliseconds: 0 };
        this.#run = { ...run, began: performance.now(), held: false };
      }
      while (this.#flight.length > 0 || goesOn()) {
        while (this.#flight.length < IN_FLIGHT && goesOn()) {
          this.#checkAlive();
          const { end, finished } = this.#submits.submit(this.#step, last, evaluates, decides);
          this.#step = end;
          this.#flight.push(finished);
        }
        await this.#whileAlive(() => this.#takeNext());
        for (let report = this.#reports.shift(); report; report = this.#reports.shift()) {
          this.#run.held = true;
          yield report;
          this.#run.held = false;
        }
      }
    } finally {
      // What is in flight counts, though nobody hears of it.
      await Promise.allSettled(this.#flight);
      await this.#takeAll().catch(() => undefined);
      this.#flight.length = this.#reports.length = 0;
      this.#setup.trial.rest();
      this.#run = undefined;
    }
  }

  /** Whether there is a network that has neither diverged nor been stopped. */
  get #learns(): boolean {
    return this.#scores.divergences.some((divergence, i) => !divergence && !this.#decisions.stopped(i));
  }

  /** Whether the next step depends on a decision that is in flight. */
  #awaitsDecision(decides: (epoch: number) => boolean): boolean {
    return this.#flight.length > 0 && this.#step % this.stepsAnEpoch === 0 && decides(this.epoch);
  }

  /** Whether early stopping has ended a member's training. */
  stopped(member = 0): boolean {
    return this.#decisions.stopped(member);
  }

  /** A member's best evaluation of the validation set so far and its epoch; undefined without early stopping. */
  best(member = 0): Judgement['best'] {
    return this.#decisions.best(member);
  }

  /**
   * Gives every network the parameters of its best evaluation, where early stopping is asked for.
   *
   * @throws UnderglassError `usage` while a run goes on
   */
  restoreBest(): void {
    this.#checkAlive();
    if (this.#run) {
      throw new UnderglassError('usage', 'this network is running; leave that run first');
    }
    this.#decisions.restoreBest();
  }

  /**
   * Where training stands, as plain data, for another group to go on from.
   *
   * While a run goes on, at one of its reports only: the work in flight is awaited first.
   *
   * @throws UnderglassError `usage` where steps are being submitted
   */
  state(): Promise<TrainingState> {
    return this.#whileAlive(() => this.#readState());
  }

  async #readState(): Promise<TrainingState> {
    const step = this.#step;
    const moving = () => (this.#run && !this.#run.held) || this.#step !== step;
    const refuse = () => {
      throw new UnderglassError('usage', 'training went on while its state was read; ask between two reports of a run');
    };
    if (moving()) {
      refuse();
    }
    await this.#takeAll();
    const { contents } = this.#setup;
    const members: MemberState[] = [];
    for (const i of this.options.members.keys()) {
      const [parameters, optimiserState] = [await contents.parameters(i), await contents.optimiserState(i)];
      const rateChange = contents.rateChange(i);
      members.push({
        parameters,
        optimiserState,
        ...(rateChange ? { rateChange } : {}),
        ...(await this.#decisions.stateOf(i)),
        ...this.#scores.stateOf(i),
      });
    }
    if (moving()) {
      refuse();
    }
    // The training set is hashed when it is first needed: it does not change.
    this.#data ??= fingerprint(this.options.splits.train);
    return { step, stepsAnEpoch: this.stepsAnEpoch, data: this.#data, random: contents.stream(step), members };
  }

  /** Each member's loss and accuracy of the three splits under the parameters as they are. */
  evaluate(): Promise<Evaluation[]> {
    return this.#whileAlive(() => this.#submits.evaluate());
  }

  /** A member's parameters, each w [inputs, outputs] and b [outputs]. */
  parameters(member = 0): Promise<LayerParameters[]> {
    return this.#whileAlive(() => this.#setup.contents.parameters(member));
  }

  /** Whether there are gradients to read: whether a step has been made here. */
  get hasGradients(): boolean {
    return !this.#disposed && this.#step > this.#origin;
  }

  /**
   * A member's gradients of the last step's mean loss, with the L2 term, as the update used them.
   *
   * @throws UnderglassError `usage` before the first step that is made here.
   */
  gradients(member = 0): Promise<LayerParameters[]> {
    return this.#whileAlive(() => this.#readGradients(member));
  }

  async #readGradients(member: number): Promise<LayerParameters[]> {
    if (!this.hasGradients) {
      throw new UnderglassError('usage', 'there are no gradients before the first step; run one step first');
    }
    const { contents, table, plan } = this.#setup;
    const { rows } = table.ranges[(this.#step - 1) % table.ranges.length]!;
    const decayed = plan.program.operations.some(({ kind }) => kind === 'l2');
    return contents.gradients(member, rows, decayed, this.#submits.gradient);
  }

  /**
   * Frees everything but the device. Safe to call twice.
   *
   * What still waits for the device fails with `usage`, a running iterator too.
   */
  dispose(): void {
    this.#disposed = true;
    this.#setup.dispose();
  }

  #checkAlive(): void {
    if (this.#disposed) {
      throw new UnderglassError('usage', 'this training is disposed; create another one to go on');
    }
  }

  /** What `work` gives; where the group is disposed, before it or meanwhile, that is what is told. */
  async #whileAlive<T>(work: () => Promise<T>): Promise<T> {
    this.#checkAlive();
    try {
      return await work();
    } catch (error) {
      this.#checkAlive();
      throw error;
    }
  }

  /** Takes what all submits in flight leave. */
  async #takeAll(): Promise<void> {
    while (this.#flight.length > 0) {
      await this.#takeNext();
    }
  }

  /** Takes what the next submit leaves, and adds the reports of the epochs that it completes. */
  async #takeNext(): Promise<void> {
    const { first, began } = this.#run!;
    const finished = await this.#flight.shift()!;
    const milliseconds = performance.now() - began;
    for (const { epoch, members } of await this.#scores.take(finished)) {
      this.#decisions.take(epoch, members);
      const told = members.map((member, i) => ({ ...member, stopped: this.#decisions.stopped(i) }));
      this.#reports.push({ epoch, members: told, steps: epoch * this.stepsAnEpoch - first, milliseconds });
    }
  }
}
