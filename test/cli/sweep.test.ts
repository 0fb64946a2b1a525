// `underglass sweep`: its networks, its ranking, the best trained again, and how it ends.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { SweepReport } from '../../src/cli/sweep-report';
import type { RunReport } from '../../src/experiment/report';
import { buildCommandLine, type CommandLine, type Ended } from '../support/command-line';
import { runHere } from '../support/command-line-here';

let cli: CommandLine;
let folder: string;

beforeAll(async () => {
  cli = await buildCommandLine();
  folder = await mkdtemp(join(tmpdir(), 'underglass-test-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function swept(
  name: string,
  args: readonly string[],
  run: (args: readonly string[]) => Promise<Ended> = runHere,
): Promise<Ended & { readonly report: SweepReport }> {
  const file = join(folder, `${name}.json`);
  const ended = await run(['sweep', ...args, '--json', file]);
  const report: SweepReport = JSON.parse(await readFile(file, 'utf8'));
  return { ...ended, report };
}

/** What `underglass train` makes of the same configuration. */
async function trained(
  { layers, output, l2, lr, momentum, seed }: SweepReport['networks'][number] | NonNullable<SweepReport['best']>,
  epochs: number,
): Promise<RunReport['final']> {
  const settings = { layers: layers.join() || 'none', output, l2, lr, momentum, seed, epochs };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { code, stdout } = await runHere(['train', '--no-tune', ...args, '--json', '-']);
  expect(code).toBe(0);
  const report: RunReport = JSON.parse(stdout);
  return report.final;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('a small sweep: its networks are those of train, the ranking is right, the best is trained again', async () => {
  const grid = ['--l2', 'logspace:-1:1:2', '--layers', '7|none', '--seeds', '3,1', '--epochs', '8'];
  const { code, stdout, stderr, report } = await swept('small', grid);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(Object.keys(report)).toEqual(['config', 'device', 'networks', 'refused', 'ranking', 'best', 'wall']);
  expect(report.config).toEqual({
    data: 'digits',
    layers: [[7], []],
    output: 'sigmoid',
    l2: [0.1, 10],
    lr: [0.2],
    momentum: [0.9],
    seeds: [3, 1],
    batch: 'full',
    epochs: 8,
  });
  const { networks, ranking, best } = report;
  expect(networks.map(({ layers, l2, seed }) => `${layers.join()} ${l2} ${seed}`)).toEqual([
    '7 0.1 3',
    '7 0.1 1',
    '7 10 3',
    '7 10 1',
    ' 0.1 3',
    ' 0.1 1',
    ' 10 3',
    ' 10 1',
  ]);
  expect(report.wall.networksPerSecond).toBeCloseTo(8000 / report.wall.totalMs, 6);

  for (const network of [networks[1]!, networks[6]!]) {
    const { train, valid, test: tested } = network;
    expect({ train, valid, test: tested }).toEqual(await trained(network, 8));
  }

  expect(ranking).toHaveLength(4);
  for (const { layers, l2, seeds, diverged, validAccuracy, validLoss } of ranking) {
    const own = networks.filter((network) => network.l2 === l2 && network.layers.length === layers.length);
    expect({ seeds, diverged }).toEqual({ seeds: [3, 1], diverged: [] });
    const accuracies = own.map(({ valid }) => valid!.accuracy);
    expect(validAccuracy?.mean).toBeCloseTo(mean(accuracies), 12);
    // Of two values the sample standard deviation is their distance by √2.
    expect(validAccuracy?.deviation).toBeCloseTo(Math.abs(accuracies[0]! - accuracies[1]!) / Math.SQRT2, 12);
    expect(validLoss?.mean).toBeCloseTo(mean(own.map(({ valid }) => valid!.loss)), 12);
  }
  const order = ranking.map(({ validAccuracy, validLoss }) => [-validAccuracy!.mean, validLoss!.mean] as const);
  expect(order).toEqual(order.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));

  expect(best).toMatchObject({ layers: ranking[0]!.layers, l2: ranking[0]!.l2, seed: 4 });
  expect(best?.final).toEqual(await trained(best!, 8));

  expect(stripVTControlCharacters(stdout)).toBe(stdout);
  expect(stdout).toMatch(/^ +networks +8: 4 configurations x 2 seeds$/m);
  expect(stdout).toMatch(/^ +adapter +\S/m);
  expect(stdout).toMatch(/^ +8\/8 networks {2}epoch 8\/8 {2}100% {2}0 ms left$/m);
  expect(stdout).toMatch(/^ +1 +\S+ +[\d.]+ +\d+\.\d\d% ± \d+\.\d\d% +\d\.\d{4} ± \d\.\d{4}$/m);
  expect(stdout).toMatch(/^8 networks in .*: .* networks\/s$/m);
  expect(stdout).toMatch(/with\s+seed\s+4\s+classifies/);
});

test('a network that diverges is reported, comes last, and leaves the others as they are', async () => {
  const grid = ['--l2', '0.1', '--lr', '1e30,0.1', '--layers', '6', '--output', 'linear', '--epochs', '6'];
  const { code, stdout, report } = await swept('diverged', grid);
  expect(code).toBe(0);
  const [bad, good] = report.networks;
  expect(bad).toMatchObject({ lr: 1e30, diverged: true, train: null, valid: null, test: null });
  expect(good).toMatchObject({ lr: 0.1, diverged: false });
  const { train, valid, test: tested } = good!;
  expect({ train, valid, test: tested }).toEqual(await trained(good!, 6));
  expect(report.ranking.map(({ lr, diverged }) => [lr, diverged])).toEqual([
    [0.1, []],
    [1e30, [0]],
  ]);
  expect(report.ranking[0]?.validLoss).toEqual({ mean: valid!.loss, deviation: null });
  expect(report.ranking[1]?.validAccuracy).toBe(null);
  expect(stdout).toContain('1 of 1');
});

test('a sweep of which nothing converges says so after its report', async () => {
  const grid = ['--l2', '0.1', '--lr', '1e30', '--layers', '6', '--output', 'linear', '--epochs', '6'];
  const { code, stderr, report } = await swept('nothing', grid);
  expect(code).toBe(1);
  expect(stderr).toBe('error: Every network of the sweep diverged; use a smaller --lr.\n');
  expect(report.best).toBe(null);
});

/** Has the command line lose its device after so many submits, and each one after it. */
function losing(...submits: readonly number[]): (args: readonly string[]) => Promise<Ended> {
  const preload = pathToFileURL(resolve('test/cli/lose-device.mjs')).href;
  return (args) => cli.run(args, { env: { NODE_OPTIONS: `--import ${preload}`, LOSE_AFTER: submits.join() } });
}

// test/train/sweep-loss.test.ts loses devices in every suite.
describe('a lost GPU', () => {
  // Every epoch is evaluated, so every network takes eleven submits.
  const grid = ['--l2', '0.1', '--layers', 'none|2', '--epochs', '10'];

  test('is opened again by itself, also for the last training, and the results are those without a loss', async ({
    skip,
  }) => {
    skip(!inject('full'), 'only in npm run test:full');
    const undisturbed = await swept('undisturbed', grid);
    // In the first network, and again in the last training.
    const { code, stdout, stderr, report } = await swept('lost', grid, losing(5, 28));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/The GPU was lost once\./g)).toHaveLength(2);
    const { networks, ranking, best } = undisturbed.report;
    expect(report).toMatchObject({ networks, ranking, best });
  });

  test('that is lost again and again ends the sweep with the table and the report of what is finished', async ({
    skip,
  }) => {
    skip(!inject('full'), 'only in npm run test:full');
    const { code, stdout, stderr, report } = await swept('gone', grid, losing(15, 1, 1, 1));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: the GPU was lost 4 times without a network finished between; 1 of 2 networks [^\n]*\.\n$/,
    );
    expect(stdout).toContain('Stopped with 1 of 2 networks done');
    expect(report.networks.map(({ layers }) => layers)).toEqual([[]]);
    expect(report.ranking).toHaveLength(1);
    expect(report.best).toBe(null);
  });
});

test.runIf(process.platform !== 'win32')('SIGINT stops with what is finished', async () => {
  const own = await mkdtemp(join(folder, 'stopped-'));
  const file = join(own, 'sweep.json');
  let sent = false;
  const args = ['--l2', '1', '--layers', 'none|1024', '--epochs', '100', '--json', file];
  const { code, stdout, stderr } = await cli.run(['sweep', ...args], {
    onOutput: (text, child) => {
      if (!sent && text.includes('1/2 networks')) sent = child.kill('SIGINT');
    },
  });
  expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  expect(stdout).toContain('Stopped with 1 of 2 networks done');
  const report: SweepReport = JSON.parse(await readFile(file, 'utf8'));
  expect(report.networks.map(({ layers }) => layers)).toEqual([[]]);
  expect(report.ranking).toHaveLength(1);
  expect(report.best).toBe(null);
  expect(await readdir(own)).toEqual(['sweep.json']);
});
