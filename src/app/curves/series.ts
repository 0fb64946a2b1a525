// Series: histories of runs as columns for a chart, and what stands in them at an epoch.

import type { HistoryEntry, Score, Splits } from '../../index';

/** A measure of one split of one run. */
export interface SeriesSource {
  readonly history: readonly HistoryEntry[];
  readonly split: keyof Splits;
}

/** null where a value is no number, which breaks the curve; undefined where a run was not evaluated, which does not. */
export type Value = number | null | undefined;

/** Epochs in rising order, then a column for each series. */
export type Columns = [number[], ...Value[][]];

/** Puts series with evaluations at different epochs side by side. `positive` leaves out what a log scale cannot show. */
export function columns(sources: readonly SeriesSource[], measure: keyof Score, positive = false): Columns {
  const epochs = [...new Set(sources.flatMap(({ history }) => history.map(({ epoch }) => epoch)))].toSorted(
    (a, b) => a - b,
  );
  const place = new Map(epochs.map((epoch, i) => [epoch, i]));
  const filled = sources.map(({ history, split }) => {
    const column = Array.from<Value>({ length: epochs.length });
    for (const entry of history) {
      const value = entry[split][measure];
      column[place.get(entry.epoch)!] = Number.isFinite(value) && !(positive && value <= 0) ? value : null;
    }
    return column;
  });
  return [epochs, ...filled];
}

/** The last evaluation up to an epoch; the last of all where no epoch is given. */
export function entryAt(history: readonly HistoryEntry[], epoch: number | undefined): HistoryEntry | undefined {
  if (epoch === undefined) {
    return history.at(-1);
  }
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (history[middle]!.epoch <= epoch) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return history[low - 1];
}
