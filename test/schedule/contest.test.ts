// Contests: the faster candidate wins, ties go to the one before, and time is kept.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { contend as contendAll, type Contest, openContest } from '../../src/schedule/contest';
import type { Remembered } from '../../src/schedule/tuning-memory';

let now = 0;

beforeEach(() => {
  now = alive = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Times of an operation's candidates in µs, the default first. */
type Times = Readonly<Record<string, number>>;

/** How long a reading takes, in ms. */
const READING = 5;

const contest = (label: string, times: Times, known?: Remembered): Contest =>
  openContest({ label, kernel: 'denseForward', key: label, names: Object.keys(times) }, known);

/** What was made and not freed. */
let alive = 0;

/** Lets contests go on, of whose candidates each takes `compiling` ms to make. */
async function goOn(
  contests: readonly Contest[],
  operations: Readonly<Record<string, Times>>,
  compiling: number,
  deadline: number,
) {
  const make = ({ label }: Contest, name: string) => {
    now += compiling;
    alive += 1;
    const read = () => {
      now += READING;
      return Promise.resolve(operations[label]![name]!);
    };
    return Promise.resolve({ repeats: () => Promise.resolve(1), read, dispose: () => void alive-- });
  };
  await contendAll(contests, make, deadline);
  return contests;
}

function contend(operations: Readonly<Record<string, Times>>, compiling: number, deadline: number) {
  const contests = Object.entries(operations).map(([label, times]) => contest(label, times));
  return goOn(contests, operations, compiling, deadline);
}

const OPERATIONS = {
  long: { standard: 900, tie: 880, fast: 500, slow: 1200 },
  short: { standard: 100, fast: 50, faster: 40 },
};

test('chooses the fastest of each, and keeps what comes first where there is no gain', async () => {
  const contests = await contend(OPERATIONS, 1, 10_000);
  expect(contests.map(({ choice }) => choice)).toEqual(['fast', 'faster']);
  const tied = await contend({ one: { standard: 100, same: 100 } }, 1, 10_000);
  expect(tied[0]!.choice).toBe('standard');
  expect(tied[0]!.tried).toEqual(['standard', 'same']);
});

test('tells times by the pairs that were read, the default first', async () => {
  const [long] = await contend({ long: OPERATIONS.long }, 1, 10_000);
  expect([...long!.times]).toEqual(
    Object.entries(OPERATIONS.long).map(([name, time]) => [name, expect.closeTo(time, 9)]),
  );
});

test('frees what it made', async () => {
  await contend(OPERATIONS, 1, 10_000);
  expect(alive).toBe(0);
});

test('what the time did not suffice for goes on another time from where it stood', async () => {
  const operations = { long: { standard: 900, fast: 500 } };
  // Compiled twice, the standing one read once, and time for seven pairs; twelve are needed.
  const first = (await contend(operations, 1, 85))[0]!;
  expect(first).toMatchObject({ choice: 'standard', tried: ['standard'] });
  const { choice, tried, tallies } = first;
  expect([...tallies]).toEqual([['fast', { wins: 7, losses: 0 }]]);
  now = 0;
  const again = contest('long', operations.long, { choice, tried, tallies: Object.fromEntries(tallies) });
  await goOn([again], operations, 1, 85);
  expect(again).toMatchObject({ choice: 'fast', tried: ['standard', 'fast'] });
});

test('spends its time first on the operation that takes longest', async () => {
  const contests = await contend(OPERATIONS, 20, 200);
  expect(contests[0]!.tried.length).toBeGreaterThan(1);
  expect(contests[1]!.tried).toEqual(['standard']);
});

test.each([1, 20, 100, 400])('begins nothing that would end late, where compiling takes %d ms', async (compiling) => {
  for (const deadline of [0, 50, 300, 700, 2000]) {
    const contests = await contend(OPERATIONS, compiling, deadline);
    // What trains needs its two defaults in any case; a pair may follow the last candidate.
    expect(now).toBeLessThanOrEqual(Math.max(deadline + 2 * READING, 2 * compiling));
    expect(contests.every(({ choice, tried }) => tried.includes(choice))).toBe(true);
    now = 0;
  }
});
