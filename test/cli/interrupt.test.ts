// Being told to stop, with signals and a clock of our own.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Interrupt } from '../../src/cli/interrupt';
import { paper } from '../support/paper';

let interrupt: Interrupt;
let now = 0;
let lines: readonly string[] = [];
const kill = vi.fn((_pid: number, _signal?: string | number): true => true);

beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(process, 'kill').mockImplementation(kill);
  kill.mockClear();
  const sheet = paper(80);
  ({ lines } = sheet);
  interrupt = Interrupt.listen(sheet.screen, false);
});

afterEach(() => {
  interrupt.dispose();
  vi.restoreAllMocks();
});

/** The signal arrives, so many milliseconds after the one before. */
function signal(name: NodeJS.Signals, after: number): void {
  now += after;
  // Of all who listen, only this one.
  process.listeners(name).at(-1)!(name);
}

test.each([
  ['SIGINT', 130, 'Ctrl-C again'],
  ['SIGTERM', 143, 'A second signal'],
] as const)('the first %s asks to stop, and is the exit code; the answer comes at once', (name, exitCode, again) => {
  expect([interrupt.signal.aborted, interrupt.exitCode]).toEqual([false, 0]);
  signal(name, 0);
  expect([interrupt.signal.aborted, interrupt.reason, interrupt.exitCode]).toEqual([true, name, exitCode]);
  expect(lines.map((line) => line.trim()).join(' ')).toBe(
    `Stopping after the work in flight. ${again} quits at once, without a result.`,
  );
  expect(kill).not.toHaveBeenCalled();
});

test('a second one within a moment is the same Ctrl-C; a later one ends the process at once', () => {
  signal('SIGINT', 0);
  signal('SIGINT', 100);
  expect(kill).not.toHaveBeenCalled();
  const listeners = process.listenerCount('SIGINT');
  signal('SIGINT', 150);
  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGINT');
  // Nobody is left to catch what it sends.
  expect(process.listenerCount('SIGINT')).toBe(listeners - 1);
});
