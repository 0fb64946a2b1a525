// The two measures that curves show: what they mean, and how their numbers are written.

import { formatPercent } from '../../base/units';
import type { Score } from '../../index';

/** What a chart measures. */
export interface Measure {
  readonly key: keyof Score;
  readonly title: string;
  readonly note: string;
  /** A value in full. */
  readonly format: (value: number) => string;
  /** A mark of the axis. */
  readonly mark: (value: number) => string;
  /** Ends that the axis never passes. */
  readonly limits: readonly [number, number];
  /** Ends that the axis has while every epoch is shown; around the values unless told. */
  readonly whole?: readonly [number, number];
  /** Whether a logarithmic scale tells more. */
  readonly scales: boolean;
}

export const MEASURES: readonly Measure[] = [
  {
    key: 'loss',
    title: 'Loss',
    note: 'how wrong it is; lower is better',
    format: formatLoss,
    mark: (value) => (value < 1e4 ? String(Number(value.toPrecision(3))) : value.toExponential(0)),
    limits: [0, Number.MAX_VALUE],
    scales: true,
  },
  {
    key: 'accuracy',
    title: 'Accuracy',
    note: 'how many digits it reads rightly',
    format: formatPercent,
    mark: (value) => `${Number((value * 100).toPrecision(3))}%`,
    limits: [0, 1],
    whole: [0, 1],
    scales: false,
  },
];

/** A loss: four decimals for what lies around one, an exponent for what is far from it. */
export function formatLoss(loss: number): string {
  if (!Number.isFinite(loss)) {
    return '–';
  }
  return loss !== 0 && (loss < 1e-3 || loss >= 1e3) ? loss.toExponential(2) : loss.toFixed(4);
}
