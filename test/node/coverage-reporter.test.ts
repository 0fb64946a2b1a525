// Coverage added up by folder.

import { expect, test } from 'vitest';
import { type CoverageMap, roomLines } from '../support/coverage-reporter';

test('lines and branches are added up for each room and for all, whatever lies between', () => {
  const files: Record<string, readonly [covered: number, total: number]> = {
    '/r/src/nn/losses/huber.ts': [1, 4],
    '/r/src/nn/network.ts': [3, 4],
    '/r/src/gpu/device.ts': [5, 5],
    '/r/src/index.ts': [0, 0],
  };
  const coverage: CoverageMap = {
    files: () => Object.keys(files),
    fileCoverageFor: (file) => {
      const [covered, total] = files[file]!;
      return { toSummary: () => ({ lines: { covered, total }, branches: { covered: 0, total } }) };
    },
  };
  expect(roomLines(coverage, '/r').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    'src lines – branches –',
    'src/gpu lines 100.0% branches 0.0%',
    'src/nn lines 50.0% branches 0.0%',
    'all lines 69.2% branches 0.0%',
  ]);
});
