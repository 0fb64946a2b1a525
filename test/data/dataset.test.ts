import { expect, test } from 'vitest';
import { type Dataset, takeRows, validateDataset } from '../../src/data/dataset';
import { expectError } from '../support/errors';

const tiny: Dataset = {
  name: 'tiny',
  rows: 3,
  columns: 2,
  classes: 2,
  features: Float32Array.of(1, 2, 3, 4, 5, 6),
  labels: Uint32Array.of(0, 1, 0),
};

test('takeRows copies the chosen rows in the chosen order', () => {
  expect(takeRows(tiny, [2, 0, 2], 'chosen')).toEqual({
    name: 'chosen',
    rows: 3,
    columns: 2,
    classes: 2,
    features: Float32Array.of(5, 6, 1, 2, 5, 6),
    labels: Uint32Array.of(0, 0, 0),
  });
  expect(takeRows(tiny, Uint32Array.of(1)).name).toBe('tiny');
});

test('takeRows names a row that is not there', () => {
  expectError(() => takeRows(tiny, [0, 3]), 'usage', /Index 1 names row 3, but tiny has rows 0 to 2/);
  expectError(() => takeRows(tiny, [-1]), 'usage', /row -1/);
  expectError(() => takeRows(tiny, [0.5]), 'usage', /row 0.5/);
  expectError(() => takeRows(tiny, []), 'usage', /no rows/);
});

test('a whole data set passes', () => {
  expect(() => validateDataset(tiny)).not.toThrow();
});

test.each<[string, Partial<Dataset>, RegExp]>([
  ['no rows', { rows: 0 }, /^tiny: the number of rows is 0/],
  ['half a column', { columns: 1.5 }, /columns is 1.5/],
  ['no classes', { classes: 0 }, /classes is 0/],
  ['missing features', { features: new Float32Array(5) }, /5 features do not fill 3 rows of 2 columns \(6\)/],
  ['missing labels', { labels: Uint32Array.of(0) }, /1 labels do not match 3 rows/],
  ['a label beyond the classes', { labels: Uint32Array.of(0, 1, 2) }, /row 2 has label 2, but 2 classes end at 1/],
  ['a NaN', { features: Float32Array.of(1, 2, 3, Number.NaN, 5, 6) }, /row 1, column 1 is NaN/],
  ['an infinity', { features: Float32Array.of(1, 2, 3, 4, -Infinity, 6) }, /row 2, column 0 is -Infinity/],
])('%s is a fault that is named', (_, change, message) => {
  expectError(() => validateDataset({ ...tiny, ...change }), 'data', message);
});
