// `underglass train`: what it prints, what it reports, and how it ends.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { RunReport } from '../../src/experiment/report';
import { buildCommandLine, type CommandLine } from '../support/command-line';
import { runHere } from '../support/command-line-here';

let cli: CommandLine;
let folder: string;

beforeAll(async () => {
  cli = await buildCommandLine();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underglass-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Quick to begin: one layer, the default kernels. */
const QUICK = ['--layers', 'none', '--no-tune'];

/** Whether text holds neither escape sequences nor carriage returns. */
const isPlain = (text: string): boolean => stripVTControlCharacters(text) === text && !text.includes('\r');

function parse(text: string): RunReport {
  const report: RunReport = JSON.parse(text);
  return report;
}

async function trained(...args: readonly string[]): Promise<RunReport> {
  const { code, stdout } = await runHere(['train', '--no-tune', ...args, '--json', '-']);
  expect(code).toBe(0);
  return parse(stdout);
}

test('a run prints plain lines and tables in a pipe, and ends well', async () => {
  const { code, stdout, stderr } = await cli.run(['train', '--epochs', '10', '--every', '5']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(isPlain(stdout)).toBe(true);
  expect(stdout).toContain('64-48-32-10');
  if (inject('adapter') === 'software') expect(stdout).toContain('SwiftShader: software on the CPU, no GPU is used');
  expect(stdout).toContain('721 rows to train, 482 to validate, 594 to test');
  expect(stdout).toMatch(/^ +10\/10 {2}loss 2\.\d{4} {2}validation +\d+\.\d\d% +[\d.,]+ epochs\/s {2}0 ms left$/m);
  expect(stdout).toMatch(/^ +test +2\.\d{4} +\d+\.\d\d% +\d+ of 594$/m);
  expect(stdout).toMatch(/^ +sum .* 100%$/m);
  expect(stdout).toMatch(/^10 epochs, 10 steps in .*: .* steps\/s$/m);
});

test('the report has the configuration, the history from epoch 0, the final scores and the timings', async () => {
  const file = join(folder, 'run.json');
  const args = ['--layers', '12', '--output', 'linear', '--l2', '0.5', '--lr', '.1', '--momentum', '0.8'];
  const { code } = await runHere([
    'train',
    '--no-tune',
    ...args,
    '--epochs',
    '7',
    '--every',
    '3',
    '--seed',
    '5',
    '--json',
    file,
  ]);
  expect(code).toBe(0);
  const report = parse(await readFile(file, 'utf8'));
  expect(Object.keys(report)).toEqual(['config', 'device', 'history', 'final', 'timings', 'wall']);
  expect(report.config).toEqual({
    data: 'digits',
    sizes: [64, 12, 10],
    hidden: ['sigmoid'],
    output: 'linear',
    optimiser: 'sgd',
    lr: 0.1,
    momentum: 0.8,
    nesterov: 0,
    l2: 0.5,
    schedule: 'constant',
    batch: 'full',
    epochs: 7,
    seed: 5,
    program: 'fused',
    patience: 'none',
    weights: 'glorotUniform',
    every: 3,
  });
  expect(Object.keys(report.device)).toEqual(
    expect.arrayContaining(['vendor', 'architecture', 'description', 'software', 'features', 'limits']),
  );
  expect(report.history.map(({ epoch }) => epoch)).toEqual([0, 3, 6, 7]);
  const { epoch: _, ...last } = report.history.at(-1) ?? { epoch: -1 };
  expect(report.final).toEqual(last);
  for (const split of ['train', 'valid', 'test'] as const) {
    const { loss, accuracy } = report.final[split];
    expect(loss).toBeGreaterThan(0);
    expect(accuracy).toBeGreaterThanOrEqual(0);
    expect(accuracy).toBeLessThanOrEqual(1);
  }
  expect(report.wall.totalMs).toBeGreaterThan(0);
  // Seven steps of a full batch.
  expect(report.wall.stepsPerSecond).toBeCloseTo(7000 / report.wall.totalMs, 6);
  if (report.device.features.includes('timestamp-query')) {
    expect(report.timings.length).toBeGreaterThan(0);
    for (const { calls, meanUs, totalUs } of report.timings) {
      expect(calls).toBeGreaterThan(0);
      expect(meanUs).toBeGreaterThan(0);
      expect(totalUs / calls).toBeCloseTo(meanUs, 6);
    }
  }
});

test('any parts train, by a preset or by name, and the report tells which', async () => {
  const layers = ['--layers', '12:relu,9', '--activation', 'tanh', '--output', 'linear'];
  const optimiser = ['--optimiser', 'adamw', '--weight-decay', '0.1', '--schedule', 'cosine', '--warmup', '1'];
  const { config, history } = await trained(...layers, ...optimiser, '--batch', '100', '--epochs', '3');
  expect(config).toMatchObject({ sizes: [64, 12, 9, 10], hidden: ['relu', 'tanh'], optimiser: 'adamw' });
  expect(config).toMatchObject({ lr: 0.001, weightDecay: 0.1, schedule: 'cosine', warmup: 1, floor: 0 });
  expect(config).not.toHaveProperty('momentum');
  expect(history.at(-1)!.train.loss).toBeLessThan(history[0]!.train.loss);
  const modern = await trained('--preset', 'modern', '--epochs', '1', '--nesterov', '--optimiser', 'sgd');
  expect(modern.config).toMatchObject({ hidden: ['relu', 'relu'], batch: 32, optimiser: 'sgd', lr: 0.2, nesterov: 1 });
});

test('the same seed gives the same history', async () => {
  const args = ['--layers', '8', '--batch', '200', '--epochs', '2', '--every', '1', '--seed', '1'];
  const first = await trained(...args);
  const again = await trained(...args);
  expect(first.history).toHaveLength(3);
  expect(again.history).toEqual(first.history);
});

test('with --json - standard output holds the report alone, and the text goes to standard error', async () => {
  const args = ['--layers', 'none', '--program', 'naive', '--epochs', '0', '--json', '-'];
  const { code, stdout, stderr } = await runHere(['train', ...args]);
  expect(code).toBe(0);
  const report = parse(stdout);
  expect(report.config).toMatchObject({ sizes: [64, 10], program: 'naive' });
  expect(report.history.map(({ epoch }) => epoch)).toEqual([0]);
  expect(report.wall).toEqual({ totalMs: 0, stepsPerSecond: 0 });
  expect(stderr).toContain('64-10');
  expect(isPlain(stderr)).toBe(true);
});

test.runIf(process.platform !== 'win32').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s stops cleanly, with the results so far and the report', async (signal, expected) => {
  const file = join(folder, 'run.json');
  let sent = false;
  const { code, stdout, stderr } = await cli.run(['train', ...QUICK, '--epochs', '1000000', '--json', file], {
    onOutput: (text, child) => {
      if (sent || !text.includes('0/1,000,000')) return;
      sent = child.kill(signal);
    },
  });
  expect({ code, stderr }).toEqual({ code: expected, stderr: '' });
  const again = signal === 'SIGINT' ? 'Ctrl-C again quits at once' : 'A second signal quits at once';
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Stopping after the work in flight. ${again}`);
  const [, epoch] = /Stopped at epoch ([\d,]+) of 1,000,000/.exec(stdout) ?? [];
  const report = parse(await readFile(file, 'utf8'));
  expect(report.history.at(-1)).toEqual({ epoch: Number(epoch?.replaceAll(',', '')), ...report.final });
  expect(await readdir(folder)).toEqual(['run.json']);
});

test('a reader that goes away ends it quietly', async () => {
  const { code, stderr } = await cli.run(['train', ...QUICK, '--epochs', '1000000', '--every', '1'], {
    onOutput: (_, child) => child.stdout?.destroy(),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('with a report to write, a reader that goes away does not stop it', async () => {
  const file = join(folder, 'run.json');
  const { code } = await cli.run(['train', ...QUICK, '--epochs', '4', '--json', file], {
    onOutput: (_, child) => child.stdout?.destroy(),
  });
  expect(code).toBe(0);
  expect(parse(await readFile(file, 'utf8')).history.at(-1)?.epoch).toBe(4);
});

test('--patience stops early, and the report is of the best weights', async () => {
  const options = [
    '--layers',
    '20',
    '--activation',
    'relu',
    '--output',
    'linear',
    '--optimiser',
    'adam',
    '--batch',
    '32',
  ];
  const limits = ['--every', '1', '--patience', '3', '--epochs', '400'];
  const { history, final, bestEpoch } = await trained(...options, ...limits);
  const losses = history.map(({ valid }) => valid.loss);
  expect(losses.length).toBeLessThan(400);
  expect(bestEpoch).toBe(losses.length - 4);
  expect(final.valid.loss).toBe(Math.min(...losses));
});
