// Train and test indices, equal to scikit-learn's `train_test_split` to the last index.
//
// The rules are those of scikit-learn's ShuffleSplit and, with labels to stratify by, StratifiedShuffleSplit, drawing
// from the same legacy NumPy stream. Indices only: `takeRows` makes data sets of them.

import { requireWhole } from '../base/checks';
import { UnderglassError } from '../base/errors';
import { RandomState } from '../base/random';

/** How to split. */
export interface SplitOptions {
  /** The test part: a fraction of the rows in (0, 1), rounded up to whole rows, or a whole number of rows. */
  readonly testSize: number;
  /** scikit-learn's `random_state`: a whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  /** One label a row; both parts then keep the proportions of the labels. */
  readonly stratify?: ArrayLike<number> | undefined;
}

/** Row indices of the two parts, each in random order; together every row once. */
export interface Split {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Splits the rows 0 to count - 1 at random into a train and a test part.
 *
 * @throws UnderglassError 'usage' wherever scikit-learn refuses: a part would be empty, a class has a single member, or
 *   a stratified part has fewer rows than there are classes
 */
export function trainTestSplit(count: number, { testSize, seed, stratify }: SplitOptions): Split {
  requireWhole('The number of rows to split', count, { min: 2, max: 0xffffffff });
  const testRows = rowsOfTest(count, testSize);
  const random = new RandomState(seed);
  if (stratify !== undefined) return stratifiedSplit(count, testRows, stratify, random);
  const order = random.permutation(count);
  return { train: order.slice(testRows), test: order.slice(0, testRows) };
}

function rowsOfTest(count: number, testSize: number): number {
  const isFraction = testSize > 0 && testSize < 1;
  if (!isFraction && !(Number.isInteger(testSize) && testSize > 0 && testSize < count)) {
    throw new UnderglassError(
      'usage',
      `The test size is ${testSize}; use a fraction between 0 and 1, or whole rows from 1 to ${count - 1}.`,
    );
  }
  const rows = isFraction ? Math.ceil(testSize * count) : testSize;
  if (rows >= count) {
    throw new UnderglassError(
      'usage',
      `A test size of ${testSize} takes all ${count} rows and leaves none to train on; use a smaller test size.`,
    );
  }
  return rows;
}

function stratifiedSplit(count: number, testRows: number, labels: ArrayLike<number>, random: RandomState): Split {
  const trainRows = count - testRows;
  const members = rowsByClass(count, labels);
  const classes = members.length;
  for (const [part, rows] of Object.entries({ train: trainRows, test: testRows })) {
    if (rows < classes) {
      throw new UnderglassError(
        'usage',
        `The ${part} part has ${rows} rows for ${classes} classes; give it at least one row a class.`,
      );
    }
  }
  const sizes = members.map((rows) => rows.length);
  const fromTrain = approximateMode(sizes, trainRows, random);
  const remaining = sizes.map((size, i) => size - fromTrain[i]!);
  const fromTest = approximateMode(remaining, testRows, random);

  const train: number[] = [];
  const test: number[] = [];
  members.forEach((rows, i) => {
    const cut = fromTrain[i]!;
    const end = cut + fromTest[i]!;
    random.permutation(rows.length).forEach((member, position) => {
      const row = rows[member]!;
      if (position < cut) train.push(row);
      else if (position < end) test.push(row);
    });
  });
  return { train: shuffled(train, random), test: shuffled(test, random) };
}

/** The rows of each class in ascending order; classes in ascending order of their labels. */
function rowsByClass(count: number, labels: ArrayLike<number>): number[][] {
  if (labels.length !== count) {
    throw new UnderglassError(
      'usage',
      `${labels.length} labels to stratify by do not match ${count} rows; give one label a row.`,
    );
  }
  const byLabel = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    const label = labels[row]!;
    const rows = byLabel.get(label);
    if (rows) rows.push(row);
    else byLabel.set(label, [row]);
  }
  const ascending = [...byLabel].toSorted(([a], [b]) => a - b);
  for (const [label, rows] of ascending) {
    if (rows.length < 2) {
      throw new UnderglassError(
        'usage',
        `Label ${label} has a single row (row ${rows[0]}), too few to stratify; ` +
          'give every class at least two rows or split without stratifying.',
      );
    }
  }
  return ascending.map(([, rows]) => rows);
}

/**
 * How many of `draws` rows to take from each class: close to the mode of the multivariate hypergeometric distribution.
 *
 * Proportional shares rounded down, then one more for the largest remainders; among equal remainders chance decides.
 * scikit-learn's `_approximate_mode`, its divisions in the same order, so that ties are the same ties.
 */
function approximateMode(sizes: readonly number[], draws: number, random: RandomState): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shares = sizes.map((size) => (size / total) * draws);
  const taken = shares.map(Math.floor);
  const remainders = shares.map((share, i) => share - taken[i]!);
  let missing = draws - taken.reduce((sum, n) => sum + n, 0);
  for (const remainder of [...new Set(remainders)].toSorted((a, b) => b - a)) {
    if (missing === 0) break;
    const tied = remainders.flatMap((value, i) => (value === remainder ? [i] : []));
    const chosen = random.permutation(tied.length).subarray(0, missing);
    for (const k of chosen) taken[tied[k]!] = taken[tied[k]!]! + 1;
    missing -= chosen.length;
  }
  return taken;
}

function shuffled(rows: readonly number[], random: RandomState): Uint32Array {
  return random.permutation(rows.length).map((i) => rows[i]!);
}
