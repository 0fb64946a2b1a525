// Timings: what each kernel of a step took, over the steps that were timed.

import { type Estimate, rangeOf } from '../profile/estimate';
import type { OperationKind, Phase } from '../program/program';
import type { Schedule } from '../schedule/schedule';

/** GPU time of one operation of the step. */
export interface Timing {
  readonly label: string;
  readonly kernel: OperationKind;
  readonly phase: Phase;
  /** Dispatches that were timed: a sample of those that ran. */
  readonly calls: number;
  /** Where the clock is too coarse for it, the middle of what it can be. */
  readonly meanUs: number;
  /** Of the timed dispatches. */
  readonly totalUs: number;
}

/** An estimate of each operation as its timing. */
export function timingsOf({ dispatches }: Schedule, estimates: readonly Estimate[]): Timing[] {
  return dispatches.map(({ operation: { label, kind: kernel, phase } }, i) => {
    const value = estimates[i]!;
    const meanUs = rangeOf(value)?.value ?? 0;
    return { label, kernel, phase, calls: value.samples, meanUs, totalUs: value.samples * meanUs };
  });
}
