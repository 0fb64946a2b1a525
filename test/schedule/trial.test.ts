// The trial in training: what runs when, what is compared, and what comes of it.

import { expect, test, vi } from 'vitest';
import type { Runner } from '../../src/schedule/runner';
import { isProven, Trial } from '../../src/schedule/trial';
import { NO_PAIRS, type Tally } from '../../src/schedule/verdict';

/** A trial of two runners that write down their names. */
function setUp(tally: Tally = NO_PAIRS) {
  const recorded: string[] = [];
  const runner = (name: string): Runner => ({
    name,
    gradient: undefined,
    record: () => void recorded.push(name),
    dispose: () => void recorded.push(`${name} disposed`),
  });
  const outcome = { keep: vi.fn<(tally: Tally) => void>(), drop: vi.fn<() => void>() };
  const trial = new Trial(runner('chosen'), runner('default'), tally, outcome);
  /** Records a submit, which takes so many ms by what ran in it. */
  const submit = (times: Readonly<Record<string, number | undefined>>) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the runners here use no encoder
    trial.record(undefined as unknown as GPUCommandEncoder, 0, 1);
    trial.finished(trial.turn, times[recorded.at(-1)!]);
  };
  return { trial, recorded, outcome, submit };
}

const SLOWER = { chosen: 1.06, default: 1 };
const FASTER = { chosen: 0.85, default: 1 };

test('choice and default take turns, and each is as often the first of a pair', () => {
  const { recorded, submit } = setUp();
  for (let i = 0; i < 8; i++) submit(FASTER);
  expect(recorded.join(' ')).toBe('chosen default default chosen chosen default default chosen');
});

test('a choice that is slower is dropped, once, and the default runs from then on', () => {
  const { trial, recorded, outcome, submit } = setUp();
  expect(trial.name).toBe('chosen');
  for (let i = 0; i < 30; i++) submit(SLOWER);
  expect(outcome.drop).toHaveBeenCalledOnce();
  expect(trial.name).toBe('default');
  expect(new Set(recorded.slice(-10))).toEqual(new Set(['default']));
});

test('a choice that is faster is kept with its evidence, and runs alone from then on', () => {
  const { trial, recorded, outcome, submit } = setUp();
  for (let i = 0; i < 30; i++) submit(FASTER);
  expect(outcome.drop).not.toHaveBeenCalled();
  expect(outcome.keep).toHaveBeenCalledOnce();
  expect(isProven(outcome.keep.mock.calls[0]![0])).toBe(true);
  expect(trial.name).toBe('chosen');
  expect(new Set(recorded.slice(-10))).toEqual(new Set(['chosen']));
});

test('goes on another time from where it stood', () => {
  const first = setUp();
  for (let i = 0; i < 6; i++) first.submit(FASTER);
  first.trial.rest();
  first.trial.rest();
  expect(first.outcome.keep.mock.calls).toEqual([[{ wins: 3, losses: 0 }]]);
  const again = setUp({ wins: 3, losses: 0 });
  for (let i = 0; i < 6; i++) again.submit(FASTER);
  expect(again.outcome.keep).toHaveBeenCalledWith({ wins: 6, losses: 0 });
});

test('compares neighbours only: not across other work, nor across two runs', () => {
  const { trial, outcome, submit } = setUp();
  submit(FASTER);
  submit({});
  // The default's turn, and then the choice's.
  submit(FASTER);
  trial.rest();
  submit(FASTER);
  trial.rest();
  expect(outcome.keep).not.toHaveBeenCalled();
});

test('ends where submits are too seldom alone to be compared, and says nothing of the choice', () => {
  const { trial, recorded, outcome, submit } = setUp();
  for (let i = 0; i < 300; i++) submit({});
  expect(new Set(recorded.slice(-20))).toEqual(new Set(['chosen']));
  trial.rest();
  expect(outcome.keep).not.toHaveBeenCalled();
  expect(outcome.drop).not.toHaveBeenCalled();
});

test('frees both ways to run', () => {
  const { trial, recorded } = setUp();
  trial.dispose();
  expect(recorded).toEqual(['chosen disposed', 'default disposed']);
});
