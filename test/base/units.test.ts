import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatMicroseconds, formatPercent } from '../../src/base/units';

test.each([
  [0, '0 ms'],
  [3.44, '3.4 ms'],
  [9.96, '10 ms'],
  [850.2, '850 ms'],
  [999.7, '1.0 s'],
  [4_230, '4.2 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 00 s'],
  [63_000, '1 min 03 s'],
  [3_599_600, '1 h 00 min'],
  [7_500_000, '2 h 05 min'],
  [-4_200, '-4.2 s'],
  [Number.NaN, '–'],
])('%f ms is %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

test.each([
  [0, '0 µs'],
  [0.452, '0.45 µs'],
  [12.34, '12.3 µs'],
  [99.96, '100 µs'],
  [999.4, '999 µs'],
  [999.6, '1.00 ms'],
  [1_240, '1.24 ms'],
  [2_500_000, '2.50 s'],
  [-12.34, '-12.3 µs'],
  [Number.POSITIVE_INFINITY, '–'],
])('%f µs is %s', (microseconds, text) => expect(formatMicroseconds(microseconds)).toBe(text));

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [1024, '1.0 KiB'],
  [1_468_006, '1.4 MiB'],
  [1024 ** 2 - 1, '1.0 MiB'],
  [5 * 1024 ** 5, '5120.0 TiB'],
  [Number.NaN, '–'],
])('%f bytes is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('counts have thousands in commas, percentages two decimals', () => {
  expect(formatCount(70_000)).toBe('70,000');
  expect(formatCount(1_234_567.6)).toBe('1,234,568');
  expect(formatCount(-0)).toBe('0');
  expect(formatPercent(0.959596)).toBe('95.96%');
  expect(formatPercent(1)).toBe('100.00%');
  expect(formatPercent(Number.NaN)).toBe('–');
});

test('a time never reads as 60 seconds, 60 minutes or 1000 of a unit that has a larger one', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (value) => {
      expect(formatDuration(value)).not.toMatch(/\b60(\.0)? s|\b60 min|\b1000 ms/);
      expect(formatMicroseconds(value)).not.toMatch(/\b1000 (µs|ms)/);
    }),
  );
});

test('a formatted size is within 5% of the size', () => {
  const units: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 2 ** 48 }), (bytes) => {
      const [number, unit = ''] = formatBytes(bytes).split(' ');
      const size = Number(number) * units[unit]!;
      expect(Math.abs(size - bytes)).toBeLessThanOrEqual(0.05 * bytes);
    }),
  );
});
