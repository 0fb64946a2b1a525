// A labelled data set in memory: rows of features, one class label each.

import { shown } from '../base/checks';
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
 * @throws UnderglassError 'usage' if `indices` is empty or names a row that is not there, 'data' if the data set's arrays do not
 *   fit its sizes
 */
export function takeRows(dataset: Dataset, indices: ArrayLike<number>, name: string = dataset.name): Dataset {
  checkSizes(dataset);
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
 * One pass over the features: a set of 60,000 rows of 784 columns takes some 50 ms.
 *
 * @param what the data set as the error names it; by its own name unless told
 * @throws UnderglassError 'data' that names the first fault and where it is
 */
export function validateDataset(dataset: Dataset, what?: string): void {
  checkSizes(dataset, what);
  const { columns, classes, features, labels } = dataset;
  const fault = (message: string) => new UnderglassError('data', `${what ?? dataset.name}: ${message}`);
  const label = labelFault(labels, classes);
  if (label !== undefined) throw fault(label);
  for (let i = 0; i < features.length; i++) {
    if (!Number.isFinite(features[i])) throw fault(featureFault(i, columns, features[i]));
  }
}

/**
 * Checks that labels are one class a row.
 *
 * @throws UnderglassError 'data' that names the first fault and where it is
 */
export function validateLabels(labels: ArrayLike<number>, rows: number, classes: number): void {
  if (labels.length !== rows) {
    throw new UnderglassError('data', `${labels.length} labels do not match ${rows} rows; give one label a row.`);
  }
  const fault = labelFault(labels, classes);
  if (fault !== undefined) throw new UnderglassError('data', `labels: ${fault}`);
}

/** @throws UnderglassError 'data' unless a data set has arrays of the right kind that fit its sizes; looks at no number in them. */
function checkSizes(dataset: Dataset, what?: string): void {
  if (typeof dataset !== 'object' || dataset === null) {
    throw new UnderglassError(
      'data',
      `${what ?? 'the data set'} is ${shown(dataset)}; give a data set with name, rows, columns, classes, features and labels.`,
    );
  }
  const { name, rows, columns, classes } = dataset;
  const { features, labels }: { readonly features: unknown; readonly labels: unknown } = dataset;
  const fault = (message: string) => new UnderglassError('data', `${what ?? name}: ${message}`);
  for (const [size, value] of Object.entries({ rows, columns, classes })) {
    if (!Number.isInteger(value) || value < 1) {
      throw fault(
        `the number of ${size} is ${shown(value)}, but it must be a whole number of at least 1; check the source.`,
      );
    }
  }
  // Other arrays could hold anything: what is wrong with their numbers comes before what is wrong with the array.
  if (!(labels instanceof Uint32Array)) {
    const wrong = Array.isArray(labels) ? labelFault(labels, classes) : undefined;
    throw fault(wrong ?? `the labels are ${shown(labels)}; give a Uint32Array, as Uint32Array.from makes it.`);
  }
  if (!(features instanceof Float32Array)) {
    const wrong = Array.isArray(features) ? firstFeatureFault(features, columns) : undefined;
    throw fault(wrong ?? `the features are ${shown(features)}; give a Float32Array, as Float32Array.from makes it.`);
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
}

/** What is wrong with the first label that is no class, or undefined. */
function labelFault(labels: ArrayLike<unknown>, classes: number): string | undefined {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (typeof label !== 'number' || !Number.isInteger(label) || label < 0) {
      return `row ${row} has label ${shown(label)}, but labels are whole numbers from 0 to ${classes - 1}; number the classes.`;
    }
    if (label >= classes) {
      return (
        `row ${row} has label ${label}, but ${classes} classes end at ${classes - 1}; ` +
        'number the labels from 0 or raise the number of classes.'
      );
    }
  }
  return undefined;
}

/** What is wrong with the first feature that is no finite number, or undefined. */
function firstFeatureFault(features: readonly unknown[], columns: number): string | undefined {
  const index = features.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? undefined : featureFault(index, columns, features[index]);
}

function featureFault(index: number, columns: number, value: unknown): string {
  return (
    `row ${Math.floor(index / columns)}, column ${index % columns} is ${shown(value)}; ` +
    'replace or drop values that are not finite numbers.'
  );
}

/** 32 bits that tell a data set from others with all but certainty: a hash of its sizes, features and labels. */
export function fingerprint({ rows, columns, classes, features, labels }: Dataset): number {
  let hash = 0;
  const mix = (words: Uint32Array): void => {
    for (let i = 0; i < words.length; i++) {
      // MurmurHash3's step for one word.
      let word = Math.imul(words[i]!, 0xcc9e2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
      hash ^= word;
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    }
  };
  mix(Uint32Array.of(rows, columns, classes));
  mix(new Uint32Array(features.buffer, features.byteOffset, features.length));
  mix(labels);
  return hash >>> 0;
}
