// Contests: the faster candidate wins, ties go to the one before, and time is kept.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Contest, contendOperations } from '../../src/schedule/contest';

let now = 0;

beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Times of an operation's candidates in µs, the default first. */
type Times = Readonly<Record<string, number>>;

const contest = (label: string, times: Times): Contest => {
  const names = Object.keys(times);
  return {
    label,
    kernel: 'denseForward',
    key: label,
    names,
    known: undefined,
    times: new Map(),
    tried: [names[0]!],
    choice: names[0]!,
    refused: false,
  };
};

/** Lets the operations' candidates contend, of which each takes `compiling` ms to make and 10 ms to time. */
async function contend(operations: Readonly<Record<string, Times>>, compiling: number, deadline: number) {
  const contests = Object.entries(operations).map(([label, times]) => contest(label, times));
  const make = (label: string, name: string): Promise<number> => {
    now += compiling;
    return Promise.resolve(operations[label]![name]!);
  };
  const compare = (a: number, b: number) => {
    now += 10;
    return Promise.resolve([a, b] as const);
  };
  await contendOperations(contests, make, compare, deadline);
  return contests;
}

const OPERATIONS = {
  long: { standard: 900, tie: 880, fast: 500, slow: 1200 },
  short: { standard: 100, fast: 50, faster: 40 },
};

test('chooses the fastest of each, and keeps what comes first where the gain is within 4%', async () => {
  const contests = await contend(OPERATIONS, 1, 10_000);
  expect(contests.map(({ choice }) => choice)).toEqual(['fast', 'faster']);
  const tied = await contend({ one: { standard: 100, nearly: 97 } }, 1, 10_000);
  expect(tied[0]!.choice).toBe('standard');
  expect(tied[0]!.tried).toEqual(['standard', 'nearly']);
});

test('spends its time first on the operation that takes longest', async () => {
  const contests = await contend(OPERATIONS, 20, 150);
  expect(contests[0]!.tried.length).toBeGreaterThan(1);
  expect(contests[1]!.tried).toEqual(['standard']);
});

test.each([1, 20, 100, 400])('begins nothing that would end late, where compiling takes %d ms', async (compiling) => {
  for (const deadline of [0, 50, 300, 700, 2000]) {
    const contests = await contend(OPERATIONS, compiling, deadline);
    // What trains needs its two defaults in any case; a timing may follow the last candidate.
    expect(now).toBeLessThanOrEqual(Math.max(deadline + 10, 2 * compiling));
    expect(contests.every(({ choice, tried }) => tried.includes(choice))).toBe(true);
    now = 0;
  }
});
