// What a file of this folder says of a metric: a number that people judge a network's answers by.

/** What every metric has. */
interface Metric {
  /** For people: `Balanced accuracy`. */
  readonly label: string;
  /** What it tells, in one short sentence. */
  readonly hint: string;
  readonly better: 'higher' | 'lower';
}

/** A metric of classes, from how often each was taken for each. */
export interface ClassMetricRule extends Metric {
  readonly targets: 'class';
  /** @param confusion [classes, classes], row-major: rows the right class, columns the answer */
  of(confusion: ArrayLike<number>, classes: number): number;
}

/** A metric of values: y and t are [rows, outputs], row-major; each output counts alike. */
export interface ValueMetricRule extends Metric {
  readonly targets: 'values';
  /** @param y the network's answers @param t what they should be */
  of(y: ArrayLike<number>, t: ArrayLike<number>, outputs: number): number;
}

export type MetricRule = ClassMetricRule | ValueMetricRule;
