// Timings summed up: by phase, as shares of the step, and how coarse the clock behind them is.

import type { Phase, Timing } from '../index';

/** One kernel of the step. */
export interface TimingRow extends Timing {
  /** Of the step's mean time, from 0 to 1. */
  readonly share: number;
}

/** The kernels of a phase, in the order in which they run. */
export interface PhaseSummary {
  readonly phase: Phase;
  readonly rows: readonly TimingRow[];
  readonly meanUs: number;
  readonly share: number;
}

/** A step's mean time and how it divides. */
export interface StepSummary {
  readonly phases: readonly PhaseSummary[];
  readonly kernels: number;
  /** Sum of the kernels' means. */
  readonly meanUs: number;
  /** Steps that were timed: the most calls of any kernel. */
  readonly steps: number;
}

/** Chrome rounds timestamps down to multiples of 2^16 ns. */
export const QUANTUM_US = 65.536;

/** Sums up the timings of a step; neighbours of one phase are put together. */
export function summarise(timings: readonly Timing[]): StepSummary {
  const meanUs = sum(timings.map((timing) => timing.meanUs));
  const share = (us: number) => (meanUs > 0 ? us / meanUs : 0);
  const phases: { phase: Phase; rows: TimingRow[] }[] = [];
  for (const timing of timings) {
    const row = { ...timing, share: share(timing.meanUs) };
    const last = phases.at(-1);
    if (last?.phase === timing.phase) {
      last.rows.push(row);
    } else {
      phases.push({ phase: timing.phase, rows: [row] });
    }
  }
  return {
    phases: phases.map(({ phase, rows }) => {
      const us = sum(rows.map((row) => row.meanUs));
      return { phase, rows, meanUs: us, share: share(us) };
    }),
    kernels: timings.length,
    meanUs,
    steps: Math.max(0, ...timings.map(({ calls }) => calls)),
  };
}

/** Whether every sum of spans is a multiple of the quantum, which unrounded clocks do not give by chance. */
export function isRounded(timings: readonly Timing[]): boolean {
  const totals = timings.map(({ totalUs }) => totalUs).filter((us) => us > 0);
  // A thousandth of the quantum allows for the sums' rounding, in µs, of stamps in ns.
  return totals.length >= 3 && totals.every((us) => Math.abs(us / QUANTUM_US - Math.round(us / QUANTUM_US)) < 1e-3);
}

/**
 * Standard error of a mean over `samples` rounded spans, in µs, at its worst.
 *
 * A span d measured by a clock of quantum q deviates by sqrt(r (q - r)), r = d mod q, which is largest at r = q / 2.
 */
export function roundingError(samples: number): number {
  return QUANTUM_US / 2 / Math.sqrt(samples);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
