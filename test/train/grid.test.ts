// The lists of a sweep: their syntax, and the grid that they span.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { gridConfigurations, layersList, linspace, logspace, numberList, seedList } from '../../src/train/grid';
import { networkSizes, TUTORIAL_L2_GRID } from '../../src/index';

const REFUSED = expect.objectContaining({ code: 'usage' });
const penalties = numberList('--l2', { min: 0 }, '0,1');

test.each([
  ['0.1,0.2', [0.1, 0.2]],
  [' 1 , .5', [1, 0.5]],
  ['linspace:0:1:5', [0, 0.25, 0.5, 0.75, 1]],
  ['linspace:3:3:1', [3]],
  ['linspace:3:5:1', [3]],
  ['0,logspace:-1:1:3,100', [0, 0.1, 1, 10, 100]],
])('numbers "%s"', (text, values) => {
  expect(penalties(text)).toEqual(values);
});

test("the tutorial's ten λ", () => {
  const values = penalties('logspace:-2:2:10');
  expect(values).toHaveLength(10);
  // The exponents are rounded in another order there: one bit of each.
  values.forEach((value, i) => expect(Math.abs(value / TUTORIAL_L2_GRID[i]! - 1)).toBeLessThan(1e-14));
});

test.each([
  '',
  ',',
  '1,',
  '1,,2',
  'x',
  '-1',
  'linspace',
  'linspace:0:1',
  'linspace:0:1:2:3',
  'linspace:0:1:0',
  'linspace:0:1:1.5',
  'linspace:0:1:x',
  'linspace::1:2',
  'linspace:1:0:2',
  'linspace:-1:1:3',
  'linspace:0:0:2',
  'linspace:0:Infinity:2',
  'logspace:0:400:2',
  'logspace:0:1:1e400',
  'geomspace:1:2:3',
  '1,1',
  '1,1.000000001', // one float32
  '0,-0',
])('numbers "%s" are refused', (text) => {
  expect(() => penalties(text)).toThrow(REFUSED);
});

test('a list too long for any sweep is refused before it is made', () => {
  const began = performance.now();
  expect(() => penalties('linspace:0:1:9007199254740991')).toThrow('at most 10,000 networks');
  expect(() => seedList('--seeds', 2 ** 32)('0..4294967295')).toThrow('--seeds has 4,294,967,296 values');
  expect(performance.now() - began).toBeLessThan(1000);
});

test('linspace has both ends, ascends, and is even; logspace is ten to the power of it', () => {
  const end = fc.double({ min: -300, max: 300, noNaN: true });
  fc.assert(
    fc.property(end, end, fc.integer({ min: 2, max: 200 }), (a, b, count) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const values = linspace(from, to, count);
      expect(values).toHaveLength(count);
      expect([values[0], values.at(-1)]).toEqual([from, to]);
      values.forEach((value, i) => {
        // Two roundings of numbers of at most 600.
        expect(Math.abs(value - (from + ((to - from) * i) / (count - 1)))).toBeLessThan(600 * 2 ** -51);
      });
      expect(logspace(from, to, count)).toEqual(values.map((value) => 10 ** value));
    }),
  );
});

test('lists say again what was typed', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 20 }), (values) => {
      expect(penalties(values.join())).toEqual(values);
      expect(seedList('--seeds', 1e6)(values.join())).toEqual(values);
      expect(layersList('--layers')(values.map((value) => `${value + 1},7`).join('|'))).toEqual(
        values.map((value) => [value + 1, 7]),
      );
    }),
  );
});

test.each([
  ['48,32', [[48, 32]]],
  ['48,32|64 | none', [[48, 32], [64], []]],
])('layers "%s"', (text, alternatives) => {
  expect(layersList('--layers')(text)).toEqual(alternatives);
});

test.each(['', '|', '48|', '48||32', '48,|32', '0', '48|x', '48,32|48, 32', 'none|none'])(
  'layers "%s" are refused',
  (text) => {
    expect(() => layersList('--layers')(text)).toThrow(REFUSED);
  },
);

test.each([
  ['0', [0]],
  ['0..4', [0, 1, 2, 3, 4]],
  ['3..3', [3]],
  ['0,3,7', [0, 3, 7]],
  ['5..6,1', [5, 6, 1]],
])('seeds "%s"', (text, seeds) => {
  expect(seedList('--seeds', 9)(text)).toEqual(seeds);
});

test.each(['', ',', '0..', '..4', '4..0', '0..2..4', '1.5', '-1', '0..10', '10', 'x', '0,0', '0..4,3'])(
  'seeds "%s" are refused',
  (text) => {
    expect(() => seedList('--seeds', 9)(text)).toThrow(REFUSED);
  },
);

const data = { name: 'none', rows: 0, columns: 3, classes: 2, features: new Float32Array(), labels: new Uint32Array() };

test('a grid holds every combination, seeds fastest', () => {
  const grid = {
    layers: [[4], []],
    output: 'linear',
    l2: [0, 1],
    lr: [0.1],
    momentum: [0, 0.5],
    seeds: [2, 7],
  } as const;
  const found = gridConfigurations(grid, data).map(({ network, optimiser, seed }) => [
    networkSizes(network).join('-'),
    optimiser.settings['momentum'],
    optimiser.l2,
    seed,
  ]);
  expect(found).toHaveLength(16);
  expect(found.slice(0, 5)).toEqual([
    ['3-4-2', 0, 0, 2],
    ['3-4-2', 0, 0, 7],
    ['3-4-2', 0, 1, 2],
    ['3-4-2', 0, 1, 7],
    ['3-4-2', 0.5, 0, 2],
  ]);
  expect(new Set(found.map(String)).size).toBe(16);
});

test('a grid of more networks than a sweep trains is refused, with its factors', () => {
  const many = Array.from({ length: 101 }, (_, i) => i + 1);
  const grid = { layers: [[4]], output: 'sigmoid', l2: many, lr: [0.1], momentum: [0.9], seeds: many } as const;
  expect(() => gridConfigurations(grid, data, '--')).toThrow(
    'The grid has 10,201 networks (101 of --l2 x 101 of --seeds), but a sweep trains at most 10,000; use fewer values.',
  );
});
