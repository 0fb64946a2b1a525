// Timings: what each kernel of a step took, over the steps that were timed.

import type { Device } from '../gpu/device';
import { readSpans, TimestampRecorder } from '../gpu/timestamps';
import type { OperationKind, Phase } from '../program/program';
import type { Schedule } from '../schedule/schedule';

/** GPU time of one operation of the step. */
export interface Timing {
  readonly label: string;
  readonly kernel: OperationKind;
  readonly phase: Phase;
  /** Dispatches that were timed: a sample of those that ran. */
  readonly calls: number;
  readonly meanUs: number;
  /** Of the timed dispatches. */
  readonly totalUs: number;
}

/** Adds up the spans of profiled steps. */
export class SpanTotals {
  readonly recorder: TimestampRecorder;
  readonly schedule: Schedule;
  readonly #calls: Uint32Array;
  readonly #totals: Float64Array;

  constructor(device: Device, schedule: Schedule) {
    this.schedule = schedule;
    this.recorder = new TimestampRecorder(
      device,
      schedule.dispatches.map(({ operation }) => operation.label),
    );
    this.#calls = new Uint32Array(schedule.dispatches.length);
    this.#totals = new Float64Array(schedule.dispatches.length);
  }

  /** Adds one profiled step, from its stamps. */
  add(stamps: BigUint64Array): void {
    for (const [i, span] of readSpans(stamps).entries()) {
      if (Number.isFinite(span)) {
        this.#calls[i]! += 1;
        this.#totals[i]! += span;
      }
    }
  }

  get timings(): Timing[] {
    return this.schedule.dispatches.map(({ operation }, i) => {
      const calls = this.#calls[i]!;
      const totalUs = this.#totals[i]!;
      const { label, kind: kernel, phase } = operation;
      return { label, kernel, phase, calls, meanUs: calls === 0 ? 0 : totalUs / calls, totalUs };
    });
  }

  dispose(): void {
    this.recorder.dispose();
  }
}
