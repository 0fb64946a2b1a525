// Notices about features: told where a network would hardly learn, and nowhere else.

import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../src/data/dataset';
import { tutorialSplit } from '../../src/data/digits';
import { featureNotices } from '../../src/data/feature-notices';
import { loadDigits } from '../support/digits';

let digits: Dataset;

beforeAll(async () => {
  digits = tutorialSplit(await loadDigits()).train;
});

/** The digits with each feature changed. */
function changed(change: (value: number, column: number) => number): Dataset {
  return { ...digits, features: digits.features.map((value, i) => change(value, i % digits.columns)) };
}

const told = (dataset: Dataset): string[] => featureNotices(dataset).map(({ kind, text }) => `${kind}: ${text}`);

describe('nothing is told of', () => {
  test.each<[string, (value: number, column: number) => number]>([
    ["the tutorial's digits, from 0 to 16", (value) => value],
    ['the digits scaled to 1', (value) => value / 16],
    ['the digits about 0', (value) => value - 8],
    ['the digits standardised, roughly', (value) => (value - 5) / 6],
    ['a single outlier', (value, column) => (column === 20 && value === 13 ? 100 : value)],
    ['half of the columns constant', (value, column) => (column < 29 ? 0 : value)],
  ])('%s', (_, change) => {
    expect(told(changed(change))).toEqual([]);
  });
});

describe('told are', () => {
  test('digits times 1,000, with what to divide by', () => {
    expect(told(changed((value) => 1000 * value))).toEqual([
      'large: digits (train): the features reach 16,000, so large that units saturate and hardly learn; divide all by 16,000, ' +
        'or standardise each column (subtract its mean, divide by its standard deviation).',
    ]);
  });

  test('images from 0 to 255', () => {
    expect(told(changed((value) => Math.round((value * 255) / 16)))[0]).toMatch(/^large: .*divide all by 255/);
  });

  test('far from 0, although they hardly spread', () => {
    expect(told(changed((value) => 1000 + value / 16))[0]).toMatch(/^large: .*standardise each column/);
  });

  test('a few columns far above the others, the first by name', () => {
    const [notice] = told(changed((value, column) => (column === 3 || column === 20 ? 500 * value : value)));
    expect(notice).toMatch(/^large: .* 2 of 64 columns reach 8000 \(the first is column 3\).*standardise each column/);
  });

  test('features too small to move anything', () => {
    expect(told(changed((value) => value / 1600))[0]).toMatch(
      /^small: .* no feature is beyond 0\.01,.*divide all by 0\.01/,
    );
  });

  test('more than half of the columns constant, and all of them', () => {
    expect(told(changed((value, column) => (column < 40 ? 0 : value)))).toEqual([
      'constant: digits (train): 40 of 64 columns have one and the same value in every row and tell nothing; leave them ' +
        'out, or check how the data were read.',
    ]);
    expect(told(changed(() => 1))[0]).toMatch(/^constant: .* all 64 columns .* nothing to learn from/);
  });
});

test('a single row tells nothing of columns', () => {
  const one = { ...digits, rows: 1, features: digits.features.slice(0, 64), labels: digits.labels.slice(0, 1) };
  expect(told(one)).toEqual([]);
});
