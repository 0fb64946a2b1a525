// Option values: text in, checked numbers and lists out.

import { expect, test } from 'vitest';
import { choice, number, wholeNumber } from '../../src/base/parsing';
import { filePath } from '../../src/cli/options';
import { batchSize } from '../../src/experiment/batch-size';
import { hiddenLayers } from '../../src/experiment/layers';

const REFUSED = expect.objectContaining({ code: 'usage' });

test.each([
  ['48,32', [48, 32]],
  ['48, 32', [48, 32]],
  ['48 32', [48, 32]],
  ['1e3', [1000]],
  ['none', []],
  ['', []],
])('layers "%s"', (text, widths) => {
  expect(hiddenLayers('--layers')(text)).toEqual(widths.map((width) => ({ width })));
});

test.each(['48,,32', ',', '48,', '0', '-1', '1.5', '0x10', 'NaN', 'Infinity', '1e400', '9007199254740993'])(
  'layers "%s" are refused',
  (text) => {
    expect(() => hiddenLayers('--layers')(text)).toThrow(REFUSED);
  },
);

test('whole numbers keep to their limits', () => {
  const parse = wholeNumber('--seed', 0, 4294967295);
  expect(['0', '4294967295', '1e3', '+7', ' 5 ', '3.0'].map(parse)).toEqual([0, 4294967295, 1000, 7, 5, 3]);
  for (const text of ['-1', '4294967296', '0.5', '', ' ', '1_000', '1,000', '0x1f', 'NaN', '5n']) {
    expect(() => parse(text), text).toThrow(REFUSED);
  }
});

test('numbers keep to their interval, as float32 too', () => {
  const rate = number('--lr', { min: 0, above: true }, 0.2);
  expect(['.5', '5.', '1e-3', '3e38'].map(rate)).toEqual([0.5, 5, 0.001, 3e38]);
  // 1e-46 rounds to 0 in float32, 3.5e38 to infinity.
  for (const text of ['0', '-0', '-1', '1e-46', '3.5e38', 'NaN', 'Infinity', 'e5', '.']) {
    expect(() => rate(text), text).toThrow(REFUSED);
  }
  const share = number('--momentum', { min: 0, max: 1, below: true }, 0.9);
  expect(['0', '0.999999'].map(share)).toEqual([0, 0.999999]);
  for (const text of ['1', '0.99999999', '-0.1']) expect(() => share(text), text).toThrow(REFUSED);
});

test('batches are full or whole', () => {
  expect(['full', '32', '1e2'].map(batchSize('--batch', 100))).toEqual(['full', 32, 100]);
  for (const text of ['0', '-1', '1.5', 'Full', '', '101'])
    expect(() => batchSize('--batch', 100)(text), text).toThrow(REFUSED);
});

test('words are taken as they are', () => {
  const parse = choice('--output', ['sigmoid', 'linear']);
  expect(parse('linear')).toBe('linear');
  for (const text of ['Linear', 'lin', '']) expect(() => parse(text), text).toThrow(REFUSED);
});

test('a path may be anything but empty', () => {
  expect(['-', 'a b', './-'].map(filePath('--json'))).toEqual(['-', 'a b', './-']);
  for (const text of ['', 'a\0b']) expect(() => filePath('--json')(text)).toThrow(REFUSED);
});

test('a refusal names the option, the value and the remedy in one sentence', () => {
  expect(() => wholeNumber('--every', 1)('0')).toThrow('--every is "0"; use a whole number of at least 1.');
});
