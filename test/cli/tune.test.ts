// `underglass tune`: it tells how far it is, and what it found until it was stopped is kept.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { joined } from '../../src/cli/tuning-parts';
import type { TunedOperation } from '../../src/index';
import { buildCommandLine, type CommandLine } from '../support/command-line';

let cli: CommandLine;
let folder: string;

beforeAll(async () => {
  if (inject('full')) cli = await buildCommandLine();
  folder = await mkdtemp(join(tmpdir(), 'underglass-test-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test.runIf(process.platform !== 'win32')(
  'SIGINT stops with what was found, which is remembered and reported',
  async (context) => {
    // A part of a tuning takes seconds; train.test.ts and sweep.test.ts send the other commands a signal.
    context.skip(!inject('full'), 'only in npm run test:full');
    const file = join(folder, 'tuned.json');
    let sent = false;
    // Of a last layer whose slope takes more than its output, steps have no resident kernels, which take long to compile.
    const { code, stdout, stderr } = await cli.run(['tune', '--layers', 'none', '--output', 'gelu', '--json', file], {
      env: { XDG_CACHE_HOME: folder },
      onOutput: (text, child) => {
        if (!sent && /\d+\/\d+ variants timed/.test(text)) sent = child.kill('SIGINT');
      },
    });
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    const report: { operations: TunedOperation[] } = JSON.parse(await readFile(file, 'utf8'));
    expect(report.operations.some(({ times }) => times.length > 1)).toBe(true);
    const remembered: { choices: object } = JSON.parse(
      await readFile(join(folder, 'underglass', 'tuning.json'), 'utf8'),
    );
    expect(Object.keys(remembered.choices)).not.toEqual([]);
    expect(stdout).toContain('Remembered in');
  },
);

test('times of two parts are told as of one, though the machine was slower in the second', () => {
  const of = (times: Readonly<Record<string, number>>): TunedOperation => ({
    label: 'dense1 forward',
    kernel: 'denseForward',
    variant: 'b',
    remembered: false,
    untimed: 0,
    times: Object.entries(times).map(([variant, microseconds]) => ({ variant, microseconds })),
    refused: false,
    dropped: false,
  });
  // In the second part everything takes twice as long; b is timed in both.
  const whole = joined(of({ a: 4, b: 2 }), of({ b: 4, c: 6 }));
  expect(whole.times).toEqual(of({ a: 8, b: 4, c: 6 }).times);
});
