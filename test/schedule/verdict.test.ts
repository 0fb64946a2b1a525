// Verdicts: wrong no more often than their bar says, whatever the readings look like, and never open for ever.

import { expect, test } from 'vitest';
import {
  addPair,
  type Bar,
  judge,
  NO_PAIRS,
  type Tally,
  TO_BE_CHOSEN,
  TO_BE_KEPT,
  type Verdict,
} from '../../src/schedule/verdict';

const BARS = { TO_BE_CHOSEN, TO_BE_KEPT };

/** The chance of each verdict for a candidate that wins its pairs with chance `win`, by going through all ways that tallies can take. */
function chances(bar: Bar, win: number): Record<Verdict, number> {
  const ends: Record<Verdict, number> = { faster: 0, 'not faster': 0, open: 0 };
  let open = new Map<string, { tally: Tally; chance: number }>([['0 0', { tally: NO_PAIRS, chance: 1 }]]);
  for (let pair = 0; pair < bar.most; pair++) {
    const next: typeof open = new Map();
    for (const { tally, chance } of open.values()) {
      for (const [candidate, share] of [
        [1, win],
        [9, 1 - win],
      ] as const) {
        const after = addPair(tally, 2, candidate, bar);
        const verdict = judge(after, bar);
        if (verdict === 'open') {
          const key = `${after.wins} ${after.losses}`;
          next.set(key, { tally: after, chance: (next.get(key)?.chance ?? 0) + chance * share });
        } else {
          ends[verdict] += chance * share;
        }
      }
    }
    open = next;
  }
  ends.open = [...open.values()].reduce((sum, { chance }) => sum + chance, 0);
  return ends;
}

test.each(Object.entries(BARS))(
  '%s: what wins no more pairs than it should is taken as seldom as the bar says',
  (_, bar) => {
    for (const win of [0, 0.5, 1].map((part) => part * bar.shares[0])) {
      expect(chances(bar, win).faster).toBeLessThanOrEqual(bar.errors[0]);
    }
  },
);

test.each(Object.entries(BARS))(
  '%s: what wins as many pairs as it should is refused as seldom as the bar says',
  (_, bar) => {
    for (const win of [bar.shares[1], 1]) {
      expect(chances(bar, win)['not faster']).toBeLessThanOrEqual(bar.errors[1]);
    }
  },
);

test.each(Object.entries(BARS))('%s: no candidate stays open beyond the most pairs', (_, bar) => {
  for (const win of [0, 0.3, 0.5, 0.7, 0.75, 0.9, 1]) {
    const { faster, 'not faster': refused, open } = chances(bar, win);
    expect(open).toBe(0);
    expect(faster + refused).toBeCloseTo(1, 9);
  }
});

test('a clear loser is refused after three pairs, and a clear winner chosen after twelve', () => {
  expect(judge({ wins: 0, losses: 2 }, TO_BE_CHOSEN)).toBe('open');
  expect(judge({ wins: 0, losses: 3 }, TO_BE_CHOSEN)).toBe('not faster');
  expect(judge({ wins: 11, losses: 0 }, TO_BE_CHOSEN)).toBe('open');
  expect(judge({ wins: 12, losses: 0 }, TO_BE_CHOSEN)).toBe('faster');
});

test('one reading counts no more than another, however far off it is, and a tie is no win', () => {
  const pairs = [
    [10, 9],
    [1e9, 9],
    [10, 1e9],
    [10, 10],
  ] as const;
  const tally = pairs.reduce((sum, [standing, candidate]) => addPair(sum, standing, candidate, TO_BE_CHOSEN), NO_PAIRS);
  expect(tally).toEqual({ wins: 2, losses: 2 });
});
