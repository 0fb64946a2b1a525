// The page's ranking of a sweep's cells: the same order as the library's.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellState, inOrder, sweepRows } from '../../src/app/learned/sweep-cells';
import { denseNetwork, optimiser, rank } from '../../src/index';
import type { Grid } from '../../src/train/grid';

const GRID: Grid = {
  layers: [[4]],
  output: 'sigmoid',
  l2: [1, 2, 3, 4],
  lr: [0.2],
  momentum: [0.9],
  seeds: [0, 1, 2],
};

/** Of each network in the order of the grid; undefined where it diverged. */
const scores = fc.array(
  fc.option(fc.record({ accuracy: fc.integer({ min: 0, max: 4 }), loss: fc.integer({ min: 0, max: 3 }) }), {
    nil: undefined,
  }),
  {
    minLength: 12,
    maxLength: 12,
  },
);

test('cells come in the order of `rank`, whichever seeds diverged', () => {
  const network = denseNetwork([8, 4, 2]);
  fc.assert(
    fc.property(scores, (found) => {
      const networks = found.map((score, index) => {
        const part = score && { accuracy: score.accuracy / 4, loss: score.loss };
        return { index, evaluation: part && { train: part, valid: part, test: part } };
      });
      const ranked = rank(
        networks.map(({ index, evaluation }) => ({
          configuration: {
            network,
            optimiser: optimiser({ learningRate: 0.2, momentum: 0.9, l2: GRID.l2[Math.floor(index / 3)]! }),
            seed: index % 3,
          },
          evaluation,
        })),
      );
      const swept = new Map(networks.map((each) => [each.index, each]));
      const cells = sweepRows(GRID)
        .flatMap((row) => row.cells)
        .toSorted((a, b) => inOrder(cellState(swept, a, 3), cellState(swept, b, 3)));
      expect(cells.map(({ l2 }) => l2)).toEqual(ranked.map(({ configuration }) => configuration.optimiser.l2));
    }),
  );
});
