// The view of the curves: which epochs are looked at, on which scale, and where the reader points.

import { signal } from '@preact/signals';

/** Epochs from one to another. */
export interface EpochRange {
  readonly from: number;
  readonly to: number;
}

/** Fewer epochs than this make no curve worth a look. */
const NARROWEST = 4;

/** Shared by both charts; outlives them, so that the reader comes back to the same view. */
export class CurvesView {
  /** The epochs that the charts show; undefined for all. */
  readonly range = signal<EpochRange | undefined>(undefined);
  readonly logarithmic = signal(false);
  /** The epoch that the reader points at; undefined for the latest. */
  readonly epoch = signal<number | undefined>(undefined);

  zoom(range: EpochRange | undefined): void {
    this.range.value = range;
  }

  /** Shows half or twice as many epochs, around the one pointed at or the middle. */
  scale(factor: number, epochs: number): void {
    this.range.value = scaledRange(this.range.value, factor, epochs, this.epoch.value);
  }

  /** Moves by a share of what is shown. */
  shift(share: number, epochs: number): void {
    this.range.value = shiftedRange(this.range.value, share, epochs);
  }
}

/** The range made longer or shorter around `centre`, within all epochs; undefined where that is all of them. */
export function scaledRange(
  range: EpochRange | undefined,
  factor: number,
  epochs: number,
  centre?: number,
): EpochRange | undefined {
  const { from, to } = range ?? { from: 0, to: epochs };
  const length = Math.max(Math.min(NARROWEST, epochs), (to - from) * factor);
  if (length >= epochs) {
    return undefined;
  }
  const inside = centre !== undefined && centre >= from && centre <= to;
  const middle = inside ? centre : (from + to) / 2;
  // The centre keeps its place on the screen.
  const start = middle - (length * (middle - from)) / (to - from);
  return within({ from: start, to: start + length }, epochs);
}

/** The range moved by a share of its length, as far as the epochs reach. */
export function shiftedRange(range: EpochRange | undefined, share: number, epochs: number): EpochRange | undefined {
  if (!range) {
    return undefined;
  }
  const distance = (range.to - range.from) * share;
  return within({ from: range.from + distance, to: range.to + distance }, epochs);
}

/** Moved back to where there are epochs. */
function within({ from, to }: EpochRange, epochs: number): EpochRange {
  const shift = Math.max(0, -from) - Math.max(0, to - epochs);
  return { from: from + shift, to: to + shift };
}
