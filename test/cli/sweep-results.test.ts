// The ranking that a sweep prints: what it says of seeds is true, also where not all of them are there.

import { expect, test } from 'vitest';
import { openScreen, type Screen } from '../../src/cli/screen';
import { printRanking, rankingNote } from '../../src/cli/sweep-results';
import { denseNetwork, optimiser, rank, type SweepEntry } from '../../src/index';

const SEEDS = [0, 1, 2];

const GRID = { layers: [[4]], output: 'sigmoid', l2: [0.1, 1], lr: [0.2], momentum: [0.9], seeds: SEEDS } as const;

/** A network that diverged where there is no accuracy. */
function entry(l2: number, seed: number, accuracy?: number): SweepEntry {
  const score = { loss: 2 - (accuracy ?? 0), accuracy: accuracy ?? 0 };
  return {
    configuration: {
      network: denseNetwork([8, 4, 2]),
      optimiser: optimiser({ learningRate: 0.2, momentum: 0.9, l2 }),
      seed,
    },
    evaluation: accuracy === undefined ? undefined : { train: score, valid: score, test: score },
  };
}

function printed(entries: readonly SweepEntry[]): string {
  let text = '';
  const write = (part: string): boolean => {
    text += part;
    return true;
  };
  const screen: Screen = openScreen(Object.assign(Object.create(process.stdout), { isTTY: false, write }));
  const ranking = rank(entries);
  screen.print(rankingNote(ranking, SEEDS.length));
  printRanking(screen, GRID, ranking);
  return text;
}

const WHOLE = SEEDS.flatMap((seed) => [entry(0.1, seed, 0.5), entry(1, seed, 0.6)]);

test('a sweep that came to its end speaks of all its seeds', () => {
  const text = printed(WHOLE);
  expect(text).toContain('mean ± sd over 3 seeds');
  expect(text).not.toMatch(/ of 3/);
});

test('one that was stopped tells how many seeds each mean is of', () => {
  const text = printed(WHOLE.slice(0, -2));
  expect(text).toContain('mean ± sd over the seeds that are finished');
  expect(text.match(/2 of 3/g)).toHaveLength(2);
  expect(printed(WHOLE.slice(0, -1)).match(/\d of 3/g)).toEqual(['2 of 3', '3 of 3']);
});

test('what a diverged seed counts is told, where there is one', () => {
  expect(printed(WHOLE)).not.toMatch(/diverge/);
  const text = printed([...WHOLE.slice(0, -2), entry(0.1, 2, 0.5), entry(1, 2)]);
  expect(text).toContain('a diverged seed counts as 0%');
  expect(text).toContain('mean ± sd over 3 seeds that did not diverge');
  // Two of three seeds at 60% are 40% to be expected.
  expect(
    text
      .split('\n')
      .filter((line) => line.includes('%'))
      .at(-1),
  ).toMatch(/60\.00%.*1 of 3/);
});
