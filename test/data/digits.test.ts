import { expect, test } from 'vitest';
import { parseDigits, tutorialSplit } from '../../src/data/digits';
import { takeRows } from '../../src/data/dataset';
import golden from '../golden/splits.json';
import { loadDigits, loadDigitsBytes } from '../support/digits';
import { expectError } from '../support/errors';

test('the digits are the test part of the UCI data set', async () => {
  const digits = await loadDigits();
  expect(digits).toMatchObject({ rows: 1797, columns: 64, classes: 10 });
  // Class counts from UCI's own description of the test part.
  const counts = Array.from({ length: 10 }, (_, digit) => digits.labels.filter((label) => label === digit).length);
  expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  // The first image, as scikit-learn prints it.
  expect(Array.from(digits.features.subarray(0, 16))).toEqual([0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]);
  expect(digits.labels[0]).toBe(0);
});

test("the tutorial's split is the tutorial's, row by row", async () => {
  const digits = await loadDigits();
  const parts = tutorialSplit(digits);
  expect([parts.train.rows, parts.valid.rows, parts.test.rows]).toEqual([721, 482, 594]);
  expect(parts.train).toEqual(takeRows(digits, golden.tutorial.train, 'digits (train)'));
  expect(parts.valid).toEqual(takeRows(digits, golden.tutorial.valid, 'digits (validation)'));
  expect(parts.test).toEqual(takeRows(digits, golden.tutorial.test, 'digits (test)'));
});

test('bytes that are not the digits are refused', async () => {
  const bytes = await loadDigitsBytes();
  const changed = (offset: number, value: number) => {
    const copy = bytes.slice();
    copy[copy.length - 65 + offset] = value; // in the last row, 1796
    return copy;
  };
  expectError(() => parseDigits(changed(3, 17)), 'data', /row 1796, column 3 is 17/);
  expectError(() => parseDigits(changed(64, 10)), 'data', /row 1796 has label 10/);
  expectError(() => parseDigits(bytes.slice(0, 5000)), 'data', /ends after 5000 bytes/);
  const other = bytes.slice();
  other.set(new TextEncoder().encode('(1796, 65)'), new TextDecoder('latin1').decode(bytes).indexOf('(1797, 65)'));
  expectError(() => parseDigits(other), 'data', /Uint8Array \[1796, 65\], but should be Uint8Array \[1797, 65\]/);
});
