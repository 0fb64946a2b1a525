// A dense float64 matrix, and the checks that every operation on it needs.

import { UnderglassError } from '../base/errors';

/** Numbers in rows and columns: entry (m, n) is `data[m * columns + n]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns], row-major. */
  readonly data: Float64Array;
}

/**
 * A matrix over `data`, which is not copied; zeros unless told.
 *
 * @throws UnderglassError 'shape' if `data` does not hold rows * columns numbers
 */
export function matrix(rows: number, columns: number, data: Float64Array = new Float64Array(rows * columns)): Matrix {
  if (data.length !== rows * columns) {
    throw new UnderglassError('shape', `${data.length} numbers do not fill a matrix of [${rows}, ${columns}].`);
  }
  return { rows, columns, data };
}

/**
 * Checks that two sizes agree.
 *
 * @param what the subject of the error's sentence, such as `linear: columns of x and rows of w`
 * @throws UnderglassError 'shape' if they differ
 */
export function requireSame(what: string, a: number, b: number): void {
  if (a !== b) throw new UnderglassError('shape', `${what} must agree, but are ${a} and ${b}.`);
}
