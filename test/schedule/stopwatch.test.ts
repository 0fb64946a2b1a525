// The stopwatch reads right whatever a submit costs, and no submit of it ever lasts long.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Runner } from '../../src/schedule/runner';
import type { Stopwatch } from '../../src/schedule/stopwatch';
import { stopwatchOn } from './shared-machine';

/** Time that passes only as the work of a queue says, in ms. */
class Clock {
  now = 0;
  /** How long the work of each submit lasted. */
  readonly submits: number[] = [];
}

let clock: Clock;

beforeEach(() => {
  clock = new Clock();
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Steps that take `ms` each, of which the reading `odd` (counted from 0) takes `instead`. */
function runner(ms: number, odd?: number, instead = 0): Runner {
  let readings = 0;
  return {
    name: `${ms} ms a step`,
    gradient: undefined,
    record: (encoder, first, end) => {
      const lasts = readings++ === odd ? instead : ms * (end - first);
      Object.assign(encoder, { lasts });
    },
    dispose: () => undefined,
  };
}

/** A stopwatch on a device of which a submit costs so many ms of its own. */
function stopwatch(price: number, steps = 100_000): Stopwatch {
  return stopwatchOn((ms) => {
    clock.now += price + ms;
    clock.submits.push(ms);
  }, steps);
}

/** One reading of steps, in µs each, after as many repeats were found as it takes. */
async function read(watch: Stopwatch, steps: Runner): Promise<number> {
  const timed = watch.steps(steps);
  return timed.read(await timed.repeats());
}

test.each([
  [0.002, 0.5],
  [0.03, 0.5],
  [1, 0.5],
  [40, 0.5],
  [0.03, 12],
])('reads steps of %d ms rightly where a submit costs %d ms', async (ms, price) => {
  // Only rounding of sums of milliseconds is in the way.
  expect((await read(stopwatch(price), runner(ms))) / 1000 / ms).toBeCloseTo(1, 6);
});

test('never submits more than a few times its target at once, be a reading ever so short by chance', async () => {
  for (const lucky of [undefined, 0, 1, 2, 3, 4]) {
    for (const ms of [0.01, 0.1, 0.7, 3]) {
      await read(stopwatch(0.5), runner(ms, lucky));
    }
  }
  // Six times what may still fall short of a sixth of the target, and six times that where the reading lies.
  expect(Math.max(...clock.submits)).toBeLessThanOrEqual(6 * 4);
});

test('takes as many repeats, be a reading ever so long by chance', async () => {
  const expected = await stopwatch(0.5).steps(runner(0.1)).repeats();
  for (const held of [0, 1, 2, 3, 4]) {
    expect(
      await stopwatch(0.5)
        .steps(runner(0.1, held, 500))
        .repeats(),
      `reading ${held}`,
    ).toBeGreaterThanOrEqual(expected);
  }
});

test('never takes more steps than there are', async () => {
  expect(await read(stopwatch(0.5, 7), runner(0.01))).toBeCloseTo(10, 6);
  expect(Math.max(...clock.submits)).toBeCloseTo(0.07, 9);
});
