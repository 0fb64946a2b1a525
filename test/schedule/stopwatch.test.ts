// The stopwatch reads right whatever a submit costs, and no submit of it ever lasts long.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Device } from '../../src/gpu/device';
import type { Runner } from '../../src/schedule/runner';
import type { StepTable } from '../../src/schedule/step-table';
import { Stopwatch } from '../../src/schedule/stopwatch';

/** Time that passes only as the work of a queue says, in ms. */
class Clock {
  now = 0;
  /** How long each submit with work in it lasted. */
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

/** Steps that take `ms` each, of which the reading `lucky` (counted from 0) comes out as nothing. */
function runner(ms: number, lucky?: number): Runner {
  let readings = 0;
  return {
    name: `${ms} ms a step`,
    gradient: undefined,
    record: (encoder, first, end) => {
      const lasts = readings++ === lucky ? 0 : ms * (end - first);
      Object.assign(encoder, { lasts });
    },
    dispose: () => undefined,
  };
}

/** A stopwatch on a device of which a submit costs so many ms of its own. */
function stopwatch(price: number, steps = 100_000): Stopwatch {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of a device as the stopwatch uses
  const device = {
    gpu: {
      createCommandEncoder: () => {
        const encoder = { lasts: 0, finish: () => encoder };
        return encoder;
      },
      queue: {
        submit: ([commands]: [{ lasts: number }]) => {
          clock.now += price + commands.lasts;
          if (commands.lasts > 0) {
            clock.submits.push(commands.lasts);
          }
        },
        onSubmittedWorkDone: () => Promise.resolve(),
      },
    },
    failure: new Promise<never>(() => undefined),
  } as unknown as Device;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return new Stopwatch(device, { ranges: { length: steps } } as unknown as StepTable);
}

test.each([
  [0.002, 0.5],
  [0.03, 0.5],
  [1, 0.5],
  [40, 0.5],
  [0.03, 12],
])('reads steps of %d ms rightly where a submit costs %d ms', async (ms, price) => {
  const [a, b] = await stopwatch(price).compareSteps(runner(ms), runner(2 * ms));
  // Only rounding of sums of milliseconds is in the way.
  expect(a / 1000 / ms).toBeCloseTo(1, 6);
  expect(b / 2000 / ms).toBeCloseTo(1, 6);
});

test('never submits more than about its target at once, be a reading ever so short by chance', async () => {
  for (const lucky of [undefined, 0, 1, 2, 3, 4]) {
    for (const ms of [0.01, 0.1, 0.7, 3]) {
      await stopwatch(0.5).compareSteps(runner(ms, lucky), runner(ms));
    }
  }
  // Twice three times what a reading may still fall short of; one step, where one lasts longer.
  expect(Math.max(...clock.submits)).toBeLessThanOrEqual(27);
});

test('never takes more steps than there are', async () => {
  const [a] = await stopwatch(0.5, 7).compareSteps(runner(0.01), runner(0.01));
  expect(a).toBeCloseTo(10, 6);
  expect(Math.max(...clock.submits)).toBeCloseTo(0.07, 9);
});
