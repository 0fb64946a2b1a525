// scikit-learn's digits: the data set of the tutorial, and the tutorial's splits of it.
//
// Bytes in, data sets out: the page and the command line load `public/data/digits.npy` each in its own way.

import { UnderglassError } from '../base/errors';
import { type Dataset, takeRows, validateLabels } from './dataset';
import { parseNpy } from './npy';
import { trainTestSplit } from './split';

/** Images, pixels an image (8 by 8), and classes. */
export const DIGITS_ROWS = 1797;
export const DIGITS_COLUMNS = 64;
export const DIGITS_CLASSES = 10;

/** Pixels count the dark points of a 4 by 4 field, hence 0 to 16. */
export const DIGITS_MAX_PIXEL = 16;

/** The tutorial's two `train_test_split` calls: all -> rest + test, rest -> train + validation. */
const TEST_SPLIT = { testSize: 0.33, seed: 111 } as const;
const VALID_SPLIT = { testSize: 0.4, seed: 123 } as const;

/**
 * The 1797 digits: 64 pixels from 0 to 16, unscaled, and the digit as label.
 *
 * @param bytes `digits.npy`: uint8 [1797, 65], the label in the last column
 * @throws UnderglassError 'data' if the bytes are anything else
 */
export function parseDigits(bytes: ArrayBuffer | Uint8Array): Dataset {
  const { shape, data } = parseNpy(bytes);
  if (!(data instanceof Uint8Array) || shape.join() !== `${DIGITS_ROWS},${DIGITS_COLUMNS + 1}`) {
    throw new UnderglassError(
      'data',
      `The digits are ${data.constructor.name} [${shape.join(', ')}], but should be ` +
        `Uint8Array [${DIGITS_ROWS}, ${DIGITS_COLUMNS + 1}]; make the file again with scripts/make-digits.py.`,
    );
  }
  const features = new Float32Array(DIGITS_ROWS * DIGITS_COLUMNS);
  const labels = new Uint32Array(DIGITS_ROWS);
  for (let row = 0; row < DIGITS_ROWS; row++) {
    const start = row * (DIGITS_COLUMNS + 1);
    for (let column = 0; column < DIGITS_COLUMNS; column++) {
      const pixel = data[start + column]!;
      if (pixel > DIGITS_MAX_PIXEL) {
        throw new UnderglassError(
          'data',
          `The digits' row ${row}, column ${column} is ${pixel}, above the largest pixel ${DIGITS_MAX_PIXEL}; ` +
            'make the file again with scripts/make-digits.py.',
        );
      }
      features[row * DIGITS_COLUMNS + column] = pixel;
    }
    labels[row] = data[start + DIGITS_COLUMNS]!;
  }
  validateLabels(labels, DIGITS_ROWS, DIGITS_CLASSES);
  return {
    name: 'digits',
    rows: DIGITS_ROWS,
    columns: DIGITS_COLUMNS,
    classes: DIGITS_CLASSES,
    features,
    labels,
  };
}

/** The three parts that the tutorial works with. */
export interface TutorialSplit {
  readonly train: Dataset;
  readonly valid: Dataset;
  readonly test: Dataset;
}

/** The tutorial's split; of the digits, 721 rows to train, 482 to validate, 594 to test. */
export function tutorialSplit(dataset: Dataset): TutorialSplit {
  const first = trainTestSplit(dataset.rows, TEST_SPLIT);
  const rest = first.train;
  const second = trainTestSplit(rest.length, VALID_SPLIT);
  const part = (rows: Uint32Array, name: string) => takeRows(dataset, rows, `${dataset.name} (${name})`);
  return {
    train: part(
      second.train.map((i) => rest[i]!),
      'train',
    ),
    valid: part(
      second.test.map((i) => rest[i]!),
      'validation',
    ),
    test: part(first.test, 'test'),
  };
}
