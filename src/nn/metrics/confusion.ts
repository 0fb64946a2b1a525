// How often each class was taken for each: what all metrics of classes are made from.

/** Counts [classes, classes], row-major: rows the right class, columns the answer. */
export function confusionCounts(predicted: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Uint32Array {
  const counts = new Uint32Array(classes * classes);
  for (let row = 0; row < predicted.length; row++) {
    const cell = labels[row]! * classes + predicted[row]!;
    counts[cell] = counts[cell]! + 1;
  }
  return counts;
}

/** One class against all others. */
export interface ClassCounts {
  /** Rows of the class. */
  readonly rows: number;
  /** Rows that were taken for it. */
  readonly answers: number;
  /** Rows of the class that were taken for it. */
  readonly hits: number;
}

/** The counts of each class. */
export function classCounts(confusion: ArrayLike<number>, classes: number): ClassCounts[] {
  const sum = (cell: (n: number) => number) => {
    let total = 0;
    for (let n = 0; n < classes; n++) total += confusion[cell(n)]!;
    return total;
  };
  return Array.from({ length: classes }, (_, k) => ({
    rows: sum((n) => k * classes + n),
    answers: sum((n) => n * classes + k),
    hits: confusion[k * classes + k]!,
  }));
}
