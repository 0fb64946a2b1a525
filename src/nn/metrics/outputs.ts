// One output at a time of row-major answers.

import { mean } from '../../base/statistics';

/** An output's answers and targets, row by row. */
export interface OutputColumns {
  readonly y: readonly number[];
  readonly t: readonly number[];
}

/** The mean over the outputs of a number that each has: y and t are [rows, outputs], row-major. */
export function meanOverOutputs(
  y: ArrayLike<number>,
  t: ArrayLike<number>,
  outputs: number,
  of: (columns: OutputColumns) => number,
): number {
  const rows = y.length / outputs;
  const column = (values: ArrayLike<number>, n: number) =>
    Array.from({ length: rows }, (_, row) => values[row * outputs + n]!);
  return mean(Array.from({ length: outputs }, (_, n) => of({ y: column(y, n), t: column(t, n) })));
}
