// The profiler: stamps whole submits, and in a sample of the steps every operation, while training goes on.

import type { Device } from '../gpu/device';
import { type StampedPasses, TimestampRecorder } from '../gpu/timestamps';
import { recordProfiledStep, recordRepeats } from '../schedule/record';
import type { Schedule } from '../schedule/schedule';
import type { StepTable } from '../schedule/step-table';
import { BROWSER_QUANTUM_NS, findClock } from './clock';
import { Evidence, type StampedSpan } from './evidence';
import { detectPhaseLock, lockRemedy } from './phase-lock';
import type { StepProfiler, SubmitWatch } from './step-profiler';
import { longestNs } from './timeline';

/** Steps from one timed step to the next, at least: each costs a pass for every kernel. */
const TIMED_EVERY = 8;

/** Timed steps and submits that are kept, unless told. */
const KEPT = 1024;

/** Counts of timed steps at which phase lock is looked for. */
const LOCK_CHECKS: readonly number[] = [64, 256, 1024];

/** Different gaps, at least, so that steps longer than the quantum come apart too; and at most. */
const FEWEST_GAPS = 8;
const MOST_GAPS = 256;

/** Options of a {@link Profiler}. */
export interface ProfilerOptions {
  /** Time the operations in a sample of the steps; else whole submits are stamped, as they train, and nothing more. Default true. */
  readonly operations?: boolean;
  /** Timed steps and submits to keep, the latest of them. Default 1024. */
  readonly keep?: number;
}

/** Something that can be stamped, or where the adapter has no timestamps nothing that is. */
type Stamps = Pick<TimestampRecorder, 'passes' | 'brackets' | 'resolve' | 'dispose'>;

const NO_STAMPS: Stamps = { passes: [], brackets: [], resolve: () => undefined, dispose: () => undefined };

/**
 * Profiles a training.
 *
 * Every submit is stamped as it trains: one span for its steps, one for an evaluation. The first step of a submit
 * is now and then recorded with a pass for each operation, as the same dispatches on the same memory: no bit of the training
 * depends on it. Where timed steps keep time with the clock, each gets a random gap before it: the first operation, run
 * some times more, whose result the step itself overwrites.
 *
 * Without `timestamp-query` it takes the host's times only.
 */
export class Profiler implements StepProfiler {
  readonly size: number;
  readonly evidence: Evidence;
  readonly device: Device;
  #schedule: Schedule;
  readonly #table: StepTable;
  readonly #stamps: Stamps;
  readonly #stamped: boolean;
  readonly #operationPasses: readonly GPUComputePassDescriptor[];
  /** The first step that may be timed next. */
  #nextTimed: number;
  #run = 0;
  /** Runs of the first operation that fill a quantum, once steps were found to keep time with the clock. */
  #gaps = 0;
  /** The last end that was seen, in ns. */
  #lastEnd = 0n;

  constructor(
    device: Device,
    schedule: Schedule,
    table: StepTable,
    { operations = true, keep = KEPT }: ProfilerOptions = {},
  ) {
    this.device = device;
    this.#schedule = schedule;
    this.#table = table;
    this.evidence = new Evidence(keep);
    this.#nextTimed = operations ? 0 : Number.POSITIVE_INFINITY;
    this.#stamped = device.gpu.features.has('timestamp-query');
    const labels = ['gap', ...schedule.dispatches.map(({ operation }) => operation.label), 'steps', 'evaluation'];
    this.#stamps = this.#stamped ? new TimestampRecorder(device, labels) : NO_STAMPS;
    this.#operationPasses = this.#stamps.passes.slice(1, -2);
    this.size = this.#stamped ? TimestampRecorder.bytes(labels.length) : 0;
  }

  /** The operations that are timed. */
  get schedule(): Schedule {
    return this.#schedule;
  }

  /** Times another schedule of the same program from now on, and forgets the timed steps of the one before. */
  follow(schedule: Schedule): void {
    this.#schedule = schedule;
    this.evidence.forgetSteps();
  }

  /** Whether random gaps go before timed steps. */
  get gaps(): boolean {
    return this.#gaps > 0;
  }

  beginRun(): void {
    this.#run += 1;
  }

  watch(step: number): SubmitWatch {
    return new Watch(this, this.#stamps, step, this.#run);
  }

  dispose(): void {
    this.#stamps.dispose();
  }

  /** Records a timed step, with a gap before it, where one is due. @returns steps and gaps that it recorded */
  recordTimed(encoder: GPUCommandEncoder, step: number, place: number): readonly [steps: number, gaps: number] {
    if (!this.#stamped || step < this.#nextTimed) return NOT_DUE;
    this.#nextTimed = step + TIMED_EVERY;
    const { dispatches } = this.schedule;
    const gaps = Math.floor(Math.random() * this.#gaps);
    if (gaps > 0) recordRepeats(encoder, dispatches[0]!, this.#table, place, gaps, this.#stamps.passes[0]);
    recordProfiledStep(encoder, this.schedule, this.#table, place, this.#operationPasses);
    return gaps > 0 ? DUE_AFTER_GAP : DUE;
  }

  /**
   * Takes the stamps of a submit.
   *
   * A pass may be stamped as begun while the submit before it still runs, so the first span counts from the end of that.
   *
   * @param longest that one of them can be, in ns
   */
  take(step: number, timed: boolean, spans: readonly StampedSpan[], longest?: number): readonly StampedSpan[] {
    const last = this.#lastEnd;
    const [first, ...others] = spans;
    if (!first) return spans;
    const begins = first.beginNs < last && last <= first.endNs ? last : first.beginNs;
    const clipped = [{ ...first, beginNs: begins }, ...others];
    this.#lastEnd = clipped.at(-1)!.endNs;
    if (timed) {
      const stamps = clipped.flatMap(({ operation, beginNs, endNs }) => (operation < 0 ? [] : [beginNs, endNs]));
      this.evidence.addStep({
        number: step,
        stamps: BigUint64Array.from(stamps),
        ...(longest === undefined ? {} : { longestNs: longest }),
      });
      if (LOCK_CHECKS.includes(this.evidence.timed)) this.#answerLock();
    }
    return clipped;
  }

  /** Begins anew with gaps, where the timed steps so far keep time with the clock. */
  #answerLock(): void {
    const { steps } = this.evidence;
    const clock = findClock(BigUint64Array.from(steps.flatMap(({ stamps }) => [...stamps])));
    if (this.gaps || clock.kind === 'wall') return;
    const { quantumNs } = clock;
    const numbers = steps.map(({ number }) => number);
    const { verdict } = detectPhaseLock(
      steps.map(({ stamps }) => stamps),
      { quantumNs, numbers },
    );
    if (verdict !== 'locked') return;
    const first = steps.reduce((sum, { stamps }) => sum + Number(stamps[1]! - stamps[0]!), 0) / steps.length;
    const { gapNs } = lockRemedy(quantumNs, Math.max(first, 1));
    this.#gaps = Math.min(MOST_GAPS, Math.max(FEWEST_GAPS, Math.ceil(gapNs / Math.max(first, 1))));
    this.evidence.forgetSteps();
  }
}

/** A gap, the steps in one pass, and an evaluation, beside the operations. */
const EXTRA_SPANS = 3;

const NOT_DUE = [0, 0] as const;
const DUE = [1, 0] as const;
const DUE_AFTER_GAP = [1, 1] as const;

/** The host's clock in µs. */
const nowUs = (): number => performance.now() * 1000;

class Watch implements SubmitWatch {
  readonly #profiler: Profiler;
  readonly #stamps: Stamps;
  readonly #step: number;
  readonly #run: number;
  readonly #operations: number;
  readonly #began = nowUs();
  #encoded = 0;
  #submitted = 0;
  #gaps = 0;
  #timed = 0;
  #steps = 0;
  #evaluated = false;

  constructor(profiler: Profiler, stamps: Stamps, step: number, run: number) {
    this.#profiler = profiler;
    this.#stamps = stamps;
    this.#step = step;
    this.#run = run;
    this.#operations = profiler.schedule.dispatches.length;
  }

  recordStep(encoder: GPUCommandEncoder, place: number): number {
    [this.#timed, this.#gaps] = this.#profiler.recordTimed(encoder, this.#step, place);
    return this.#timed;
  }

  steps(count: number): GPUComputePassDescriptor | undefined {
    this.#steps = count;
    return this.#stamps.passes[this.#operations + 1];
  }

  evaluation(): StampedPasses | undefined {
    this.#evaluated = true;
    return this.#stamps.brackets[this.#operations + 2];
  }

  resolve(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number): void {
    this.#stamps.resolve(encoder, target, offset, this.#firstSpan, this.#operations + EXTRA_SPANS - this.#firstSpan);
  }

  encoded(): void {
    this.#encoded = nowUs();
  }

  submitted(): void {
    this.#submitted = nowUs();
  }

  finished(bytes: ArrayBuffer, offset: number, loss: number): number | undefined {
    const done = nowUs();
    const encode = { beginUs: this.#began, endUs: this.#encoded };
    const submit = { beginUs: this.#encoded, endUs: this.#submitted };
    const readBack = { beginUs: this.#submitted, endUs: done };
    // Before the clock's quantum is known, the coarsest of all.
    const longest = longestNs({ submit, readBack }, BROWSER_QUANTUM_NS);
    const spans = this.#profiler.take(this.#step, this.#timed > 0, this.#read(bytes, offset), longest);
    this.#profiler.evidence.addSubmit({
      run: this.#run,
      steps: this.#steps,
      timedSteps: this.#timed,
      done: this.#step + this.#timed + this.#steps,
      loss,
      encode,
      submit,
      readBack,
      spans,
    });
    const steps = spans.find(({ what }) => what === 'steps');
    return steps && steps.beginNs < steps.endNs ? Number(steps.endNs - steps.beginNs) / 1e6 : undefined;
  }

  /** What was not written in this submit still holds the stamps of another, and is not resolved or not read. */
  get #firstSpan(): number {
    return this.#timed > 0 ? 0 : this.#operations + 1;
  }

  #read(bytes: ArrayBuffer, offset: number): StampedSpan[] {
    if (this.#stamps.passes.length === 0) return [];
    const stamps = new BigUint64Array(bytes, offset, 2 * (this.#operations + EXTRA_SPANS - this.#firstSpan));
    const span = (what: StampedSpan['what'], place: number, operation = -1): StampedSpan => {
      const at = 2 * (place - this.#firstSpan);
      return { what, operation, beginNs: stamps[at]!, endNs: stamps[at + 1]! };
    };
    const operations = this.#timed > 0 ? this.#operations : 0;
    return [
      ...(this.#gaps > 0 ? [span('gap', 0)] : []),
      ...Array.from({ length: operations }, (_, i) => span('operation', 1 + i, i)),
      ...(this.#steps > 0 ? [span('steps', this.#operations + 1)] : []),
      ...(this.#evaluated ? [span('evaluation', this.#operations + 2)] : []),
    ];
  }
}
