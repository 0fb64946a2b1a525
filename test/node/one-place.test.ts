// A place for every part: one file, one shader and one row make an activation or an optimiser that everything knows.

import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { RunReport } from '../../src/experiment/report';
import { expectClose } from '../support/close';

const run = promisify(execFile);

/** What a new part takes, as CONTRIBUTING.md tells: files, and a row in the table. */
const FILES = {
  'src/nn/activations/bent-identity.ts': `
    import type { ActivationRule } from './activation-rule';
    export const bentIdentity: ActivationRule = {
      label: 'bent identity',
      hint: 'y = (√(z² + 1) - 1) / 2 + z.',
      value: (z) => (Math.sqrt(z * z + 1) - 1) / 2 + z,
      slope: (z) => z / (2 * Math.sqrt(z * z + 1)) + 1,
      saves: 'input',
      weights: 'glorotUniform',
      flops: { value: 5, slope: 5 },
    };`,
  'shaders/activation/bent_identity.wgsl': `
fn value(z: vec4f) -> vec4f {
  return (sqrt(z * z + 1) - 1) / 2 + z;
}

fn slope(input: vec4f) -> vec4f {
  return input / (2 * sqrt(input * input + 1)) + 1;
}
`,
  'src/nn/optimisers/sign-descent.ts': `
    import type { OptimiserRule } from './optimiser-rule';
    export const signDescent: OptimiserRule<'scale'> = {
      label: 'sign descent',
      hint: 'Steps of one size.',
      learningRate: 0.001,
      settings: { scale: { label: 'Scale', hint: 'Of every step.', initial: 1, min: 0 } },
      state: ['last'],
      numbers: ({ scale }, { rate }) => ({ rate: rate * scale, shrink: 0, own: [0, 0, 0, 0] }),
      step(parameter, gradient, state, { rate }) {
        state[0] = gradient;
        return parameter - rate * Math.sign(gradient);
      },
      flops: 2,
    };`,
  'shaders/optimiser/sign_descent.wgsl': `
import package::lib::numbers::{Moved, Numbers};

fn stepped(numbers: Numbers, parameter: vec4f, gradient: vec4f, first: vec4f, second: vec4f) -> Moved {
  return Moved(parameter - numbers.rate * sign(gradient), gradient, second);
}
`,
} as const;

const ROWS = [
  ['src/nn/activations/index.ts', 'bentIdentity', 'bent-identity'],
  ['src/nn/optimisers/index.ts', 'signDescent', 'sign-descent'],
] as const;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underglass-parts-'));
  for (const name of ['src', 'shaders', 'bin', 'public', 'package.json', 'vite.lib.config.ts', 'tsconfig.base.json']) {
    await cp(resolve(name), join(folder, name), { recursive: true });
  }
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  for (const [name, part, file] of ROWS) {
    const text = await readFile(join(folder, name), 'utf8');
    const row = text.replace(/(export const \w+ = \{)/, `import { ${part} } from './${file}';\n$1 ${part},`);
    await writeFile(join(folder, name), row);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('they train in every program and runner, in groups, alike', async (context) => {
  context.skip(!inject('full'), 'only in npm run test:full');
  const probe = resolve('test/node/one-place-probe.mjs');
  const { stdout } = await run(process.execPath, [probe, folder, 'bentIdentity', 'signDescent'], { timeout: 100_000 });
  const trained: readonly { runner: string; weights: number[] }[] = JSON.parse(stdout);
  const [naive, fused, resident] = trained;
  expect([naive!.runner, fused!.runner]).toEqual(['chained', 'chained']);
  expect(resident!.runner).toMatch(/^resident, /);
  expect(resident!.weights).toEqual(fused!.weights);
  // A step of one size goes the other way where a gradient's sign is decided by rounding.
  expectClose(naive!.weights, fused!.weights, 0.02);
});

test('the command line knows them, with their settings', async () => {
  const vite = resolve('node_modules/vite/bin/vite.js');
  await run(process.execPath, [vite, 'build', '--config', 'vite.lib.config.ts', '--logLevel', 'error'], {
    cwd: folder,
  });
  const train = ['bin/underglass.js', 'train', '--activation', 'bentIdentity', '--optimiser', 'signDescent'];
  const settings = [
    '--layers',
    '20',
    '--scale',
    '2',
    '--output',
    'linear',
    '--batch',
    '32',
    '--epochs',
    '3',
    '--json',
    '-',
    '--no-tune',
  ];
  const { stdout } = await run(process.execPath, [...train, ...settings], { cwd: folder, timeout: 100_000 });
  const report: RunReport = JSON.parse(stdout);
  const { config, history } = report;
  expect(config).toMatchObject({ hidden: ['bentIdentity'], optimiser: 'signDescent', scale: 2 });
  expect(history.at(-1)!.train.loss).toBeLessThan(history[0]!.train.loss);
});
