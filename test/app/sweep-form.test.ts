// The sweep's form: text to a plan, and one sentence for what is wrong.

import { expect, test } from 'vitest';
import { cellState, sweepRows } from '../../src/app/learned/sweep-cells';
import { checkSweep, FIRST_SWEEP } from '../../src/app/learned/sweep-form';
import { networkSizes, TUTORIAL_L2_GRID } from '../../src/index';
import { gridConfigurations } from '../../src/train/grid';

test('the first sweep is the tutorial’s grid of λ', () => {
  const { plan, networks, faults, fault } = checkSweep(FIRST_SWEEP, 721);
  expect({ faults, fault }).toEqual({ faults: {}, fault: undefined });
  expect(networks).toBe(20);
  expect(plan).toMatchObject({ batch: 'full', epochs: 200, grid: { layers: [[48, 32]], lr: [0.2], seeds: [0, 1] } });
  plan!.grid.l2.forEach((l2, i) => expect(Math.abs(l2 / TUTORIAL_L2_GRID[i]! - 1)).toBeLessThan(1e-14));
});

test.each([
  [{ l2: '-1' }, 'l2', /^λ is "-1"/],
  [{ layers: '48,x' }, 'layers', /^Layers is "48,x"/],
  [{ lr: '0' }, 'lr', /^The learning rate is "0"/],
  [{ momentum: '1' }, 'momentum', /^Momentum is "1"/],
  [{ seeds: '4..0' }, 'seeds', /^Seeds is "4..0", a range that runs backwards/],
  [{ output: 'softmax' }, 'output', /^The output is "softmax"/],
  [{ batch: '722' }, 'batch', /^The batch is "722"; use full, or a whole number from 1 to 721/],
  [{ epochs: '' }, 'epochs', /^Epochs is ""/],
  [{ epochs: '0' }, 'epochs', /^"0" is out of this page’s range; use 1 to 100,000\.$/],
  [{ lr: '0.1,1e7' }, 'lr', /^"10000000" is out of this page’s range; use 0 to 1,000,000\.$/],
  [{ l2: '1e7' }, 'l2', /out of this page’s range/],
  [{ layers: '48|99999' }, 'layers', /^A layer of 99,999 is too wide; this page trains up to 4,096\.$/],
  [{ layers: '4,4,4,4,4,4,4,4,4' }, 'layers', /^9 hidden layers are more than the 8 that this page trains\.$/],
  [{ layers: '4096,4096,4096' }, 'layers', /weights, above this page’s/],
  [{ seeds: '0..4294967294' }, 'seeds', /^Seeds has 4,294,967,295 values/],
] as const)('%o is refused at its field', (change, field, sentence) => {
  const { plan, faults } = checkSweep({ ...FIRST_SWEEP, ...change }, 721);
  expect(plan).toBeUndefined();
  expect(Object.keys(faults)).toEqual([field]);
  expect(faults[field]).toMatch(sentence);
});

test('a grid of a million networks is refused in one sentence, without being made', () => {
  const thousand = 'linspace:0.001:0.9:1000';
  expect(checkSweep({ ...FIRST_SWEEP, l2: thousand, lr: thousand, seeds: '0' })).toMatchObject({
    plan: undefined,
    faults: {},
    fault:
      'The grid has 1,000,000 networks (1,000 of l2 x 1,000 of lr), but a sweep trains at most 10,000; use fewer values.',
  });
});

test('each cell of the map stands for its networks of the grid', () => {
  const fields = { ...FIRST_SWEEP, l2: '0,1,2', layers: '5|none', lr: '0.1,0.2', momentum: '0,0.5', seeds: '3,1' };
  const { grid } = checkSweep(fields).plan!;
  const data = { name: '', rows: 0, columns: 4, classes: 2, features: new Float32Array(), labels: new Uint32Array() };
  const networks = gridConfigurations(grid, data);
  const rows = sweepRows(grid);
  expect(rows.map(({ name }) => name).slice(0, 2)).toEqual(['5, α 0.1, μ 0', '5, α 0.1, μ 0.5']);
  const cells = rows.flatMap((row) => row.cells);
  expect(cells).toHaveLength(networks.length / 2);
  for (const { layers, lr, momentum, l2, first } of cells) {
    const [a, b] = [networks[first]!, networks[first + 1]!];
    expect([a.seed, b.seed]).toEqual([3, 1]);
    for (const { network, optimiser } of [a, b]) {
      expect(networkSizes(network)).toEqual([4, ...layers, 2]);
      expect(optimiser).toMatchObject({ learningRate: lr, settings: { momentum }, l2 });
    }
  }
});

test('a cell tells of networks in training beside those that are done, each once', () => {
  const { grid } = checkSweep({ ...FIRST_SWEEP, l2: '1', seeds: '0,1,2,3' }).plan!;
  const cell = sweepRows(grid)[0]!.cells[0]!;
  const network = (index: number, accuracy: number) => {
    const split = { loss: 1, accuracy };
    return [index, { index, evaluation: { train: split, valid: split, test: split } }] as const;
  };
  const done = new Map([network(0, 0.9), network(1, 0.8)]);
  const training = new Map([network(1, 0.1), network(2, 0.4)]);
  expect(cellState(done, cell, 4, training)).toMatchObject({ done: 2, training: 1, best: 0 });
  expect(cellState(done, cell, 4, training).valid).toBeCloseTo(0.7, 12);
  expect(cellState(done, cell, 4).valid).toBeCloseTo(0.85, 12);
  expect(cellState(new Map(), cell, 4, training)).toMatchObject({ done: 0, training: 2 });
});
