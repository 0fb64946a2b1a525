// A labelled data set in memory: rows of features, one class label each.

import { UnderglassError } from '../base/errors';

/** Rows of features with a class label each; readonly plain data. */
export interface Dataset {
  /** What messages and pages call it. */
  readonly name: string;
  readonly rows: number;
  /** Features a row. */
  readonly columns: number;
  /** Labels lie below this number. */
  readonly classes: number;
  /** [rows, columns], row-major. */
  readonly features: Float32Array;
  /** [rows], each from 0 to classes - 1. */
  readonly labels: Uint32Array;
}

/**
 * The chosen rows as a data set of its own, in the order of `indices`; a row may be chosen more than once.
 *
 * @param name the new data set's name; the old one's unless told
 * @throws UnderglassError 'usage' if `indices` is empty or names a row that is not there
 */
export function takeRows(dataset: Dataset, indices: ArrayLike<number>, name: string = dataset.name): Dataset {
  const rows = indices.length;
  const { columns } = dataset;
  if (rows === 0) throw new UnderglassError('usage', `${name} would have no rows; choose at least one row.`);
  const features = new Float32Array(rows * columns);
  const labels = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = indices[i]!;
    if (!Number.isInteger(row) || row < 0 || row >= dataset.rows) {
      throw new UnderglassError(
        'usage',
        `Index ${i} names row ${row}, but ${dataset.name} has rows 0 to ${dataset.rows - 1}; choose among those.`,
      );
    }
    features.set(dataset.features.subarray(row * columns, (row + 1) * columns), i * columns);
    labels[i] = dataset.labels[row]!;
  }
  return { name, rows, columns, classes: dataset.classes, features, labels };
}

/**
 * Checks that a data set is whole: sizes fit together, every label is a class, every feature is a finite number.
 *
 * @throws UnderglassError 'data' that names the first fault and where it is
 */
export function validateDataset(dataset: Dataset): void {
  const { name, rows, columns, classes, features, labels } = dataset;
  const fault = (message: string) => new UnderglassError('data', `${name}: ${message}`);
  for (const [what, value] of Object.entries({ rows, columns, classes })) {
    if (!Number.isInteger(value) || value < 1) {
      throw fault(`the number of ${what} is ${value}, but it must be a whole number of at least 1; check the source.`);
    }
  }
  if (features.length !== rows * columns) {
    throw fault(
      `${features.length} features do not fill ${rows} rows of ${columns} columns (${rows * columns}); ` +
        'correct the sizes or the features.',
    );
  }
  if (labels.length !== rows) {
    throw fault(`${labels.length} labels do not match ${rows} rows; give one label a row.`);
  }
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!;
    if (label >= classes) {
      throw fault(
        `row ${row} has label ${label}, but ${classes} classes end at ${classes - 1}; ` +
          'number the labels from 0 or raise the number of classes.',
      );
    }
  }
  for (let i = 0; i < features.length; i++) {
    if (!Number.isFinite(features[i])) {
      throw fault(
        `row ${Math.floor(i / columns)}, column ${i % columns} is ${features[i]}; ` +
          'replace or drop values that are not finite numbers.',
      );
    }
  }
}
