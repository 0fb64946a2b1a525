// What the command line says to those who need help, and of what it cannot do: one sentence and the exit code.

import { chmod, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/experiment/report';
import { buildCommandLine, type CommandLine, type Ended } from '../support/command-line';
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
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

/** Expects the exit code, nothing on standard output, and one line on standard error that says all of `words`. */
async function expectRefusal(args: readonly string[], code: number, words: readonly string[], env = {}): Promise<void> {
  expectRefused(await cli.run(args, { env }), code, words);
}

function expectRefused(ended: Ended, code: number, words: readonly string[]): void {
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
  expect(ended.stderr).toMatch(/^error: [^\n]+[.?]\n$/);
  expect(ended.stderr).not.toMatch(/\bat .*:\d+:\d+/);
  for (const word of words) expect(ended.stderr).toContain(word);
}

describe('usage: exit code 2', () => {
  test.each([
    ['tran', ['did you mean train?']],
    ['bake', ["unknown command 'bake'", 'underglass --help']],
    ['train --lrr 1', ["unknown option '--lrr'", 'did you mean --lr?']],
    ['train --learning-rate 0.1', ["unknown option '--learning-rate'", 'did you mean --lr?']],
    ['sweep --batch-size=32', ['did you mean --batch?']],
    ['train --qqqqq', ["unknown option '--qqqqq'", 'underglass train --help']],
    ['train now', ['too many arguments', 'underglass train --help']],
    ['train --lr', ['argument missing']],
    ['train --layers 48,,32', ['--layers is "48,,32"', '48,32']],
    ['train --layers 0', ['--layers is "0"', 'at least 1']],
    ['train --layers -5', ['--layers is "-5"']],
    ['train --layers 4.5', ['--layers is "4.5"']],
    ['train --layers wide', ['--layers is "wide"']],
    ['train --layers NaN', ['--layers is "NaN"']],
    ['train --output tahn', ['--output is "tahn"', 'did you mean tanh?']],
    ['train --output softmax', ['--output is "softmax"', 'linear, sigmoid, tanh, relu']],
    ['train --activation rleu', ['--activation is "rleu"', 'did you mean relu?']],
    ['train --layers 48:rleu', ['--layers is "48:rleu"', 'did you mean relu?']],
    ['train --layers 48:relu --activation tanh', ['--activation has no effect here', 'leave it out']],
    ['train --optimiser adm', ['--optimiser is "adm"', 'did you mean adam?']],
    ['train --optimiser adam --beta1 1', ['--beta1 is "1"', 'below 1']],
    ['train --optimiser adam --momentum 0.5', ['--momentum has no effect here', 'optimiser sgd or rmsprop']],
    ['train --nesterov 2', ['--nesterov is "2"', 'from 0 to 1']],
    ['train --schedule cosin', ['--schedule is "cosin"', 'did you mean cosine?']],
    ['train --warmup 5', ['--warmup has no effect here', 'schedule cosine']],
    ['train --preset modrn', ['--preset is "modrn"', 'did you mean modern?']],
    ['train --l2 -1', ['--l2 is "-1"', 'at least 0']],
    ['train --l2 Infinity', ['--l2 is "Infinity"']],
    ['train --lr 0', ['--lr is "0"', 'above 0']],
    ['train --lr 1e300', ['--lr is "1e300"', 'float32']],
    ['train --lr 1e39', ['--lr is "1e39"', 'above 0 and below 3.4e38']],
    ['train --lr fast', ['--lr is "fast"']],
    ['train --momentum 1', ['--momentum is "1"', 'below 1']],
    ['train --batch 0', ['--batch is "0"', 'full']],
    ['train --batch 722', ['--batch is "722"', '721', 'full']],
    ['train --epochs -1', ['--epochs is "-1"']],
    ['train --epochs 1.5', ['--epochs is "1.5"', 'whole number']],
    ['train --every 0', ['--every is "0"', 'at least 1']],
    ['train --seed 4294967296', ['--seed is "4294967296"', '4294967295']],
    ['train --data mnist', ['--data is "mnist"', 'digits']],
    ['train --program quick', ['--program is "quick"', 'fused or naive']],
    ['sweep --l2 logspace:0:1:1000000', ['--l2 has 1,000,000 values', 'at most 10,000']],
    [
      'sweep --l2 logspace:0:1:100 --lr linspace:0.1:1:102',
      ['10,200 networks (100 of --l2 x 102 of --lr)', 'at most 10,000'],
    ],
    ['sweep --l2 0.1,,1', ['--l2 is "0.1,,1"', 'logspace:-2:2:10']],
    ['sweep --l2 logspace:2:-2:10', ['--l2 is "logspace:2:-2:10"', 'backwards']],
    ['sweep --lr 0.1,fast', ['--lr is "0.1,fast"', 'above 0']],
    ['sweep --momentum 0.9,0.9', ['which has 0.9 twice', 'each value once']],
    ['sweep --layers 48||32', ['--layers is "48||32"', '|']],
    ['sweep --seeds 4..0', ['--seeds is "4..0"', 'backwards']],
    ['sweep --batch 722', ['--batch is "722"', '721', 'full']],
    ['check --rows 0', ['--rows is "0"']],
    ['devices --lr 1', ["unknown option '--lr'"]],
  ])('%s', async (args, words) => {
    expectRefused(await runHere(args.split(' ')), 2, words);
  });

  test('as a process', async () => {
    await expectRefusal(['tran'], 2, ['did you mean train?']);
  });

  test('an adapter that is none of the choices', async () => {
    await expectRefusal(['devices'], 2, ['UNDERGLASS_ADAPTER is "best"'], { UNDERGLASS_ADAPTER: 'best' });
  });

  test('an empty path', async () => {
    expectRefused(await runHere(['train', '--json', '']), 2, ['--json is ""']);
  });
});

describe('failures: exit code 1', () => {
  test('layers wider than a buffer of the adapter', async () => {
    const file = join(folder, 'run.json');
    const ended = await runHere(['train', '--layers', '1000000000', '--json', file]);
    expectRefused(ended, 1, ['dense1', 'GiB', 'narrower']);
    expect(await readdir(folder)).toEqual([]);
  });

  test('layers wider than a grid of the adapter', async () => {
    const ended = await runHere(['train', '--layers', '60000', '--no-tune']);
    expectRefused(ended, 1, ['dense', 'limit', 'narrower']);
  });

  test.each([
    ['1000000000', ['dense1', 'GiB', 'narrower --layers']],
    ['20000,20000', ['dense2', 'GiB', 'narrower --layers']],
  ])('a sweep with layers of %s', async (layers, words) => {
    const file = join(folder, 'sweep.json');
    expectRefused(await runHere(['sweep', '--layers', `48|${layers}`, '--json', file]), 1, words);
    expect(await readdir(folder)).toEqual([]);
  });

  test('no adapter', async () => {
    // With a driver that is not there, a machine with a GPU has none either.
    const env = { UNDERGLASS_ADAPTER: 'gpu', VK_DRIVER_FILES: join(folder, 'none.json') };
    if (process.platform !== 'linux') return;
    const { code, stdout, stderr } = await cli.run(['train'], { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/error: UNDERGLASS_ADAPTER=gpu, but this machine has no GPU [^\n]*\.\n$/);
  });

  test('a training that diverges, after its table and its report', async () => {
    const file = join(folder, 'run.json');
    const args = [
      'train',
      '--no-tune',
      '--layers',
      '6',
      '--lr',
      '1e30',
      '--output',
      'linear',
      '--epochs',
      '20',
      '--json',
      file,
    ];
    const { code, stdout, stderr } = await runHere(args);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Diverged scores of epoch 0, the last before\n(.*\n)+ *validation +\d/m);
    const report: RunReport = JSON.parse(await readFile(file, 'utf8'));
    expect(report).toMatchObject({
      history: [{ epoch: 0, ...report.final }],
      divergence: { step: expect.any(Number) },
    });
    expect(stderr).toMatch(
      /^error: the training diverged: its loss is no number .*step \d+ .*\(in epoch \d+\).* dense\d\.[wb].*; use a smaller learning rate than 1e\+30\.\n$/,
    );
    expect(await readdir(folder)).toEqual(['run.json']);
  });

  test('a training and a sweep that diverge by their penalty', async () => {
    const penalty = ['--l2', '1e30', '--layers', 'none', '--epochs', '20'];
    expect(await runHere(['train', ...penalty])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: the training diverged: .*; use a smaller L2 penalty than 1e\+30\.\n$/),
    });
    expect(await runHere(['sweep', ...penalty])).toMatchObject({
      code: 1,
      stderr: 'error: Every network of the sweep diverged; use a smaller --l2.\n',
    });
  });

  test('a report into a folder that does not exist', async () => {
    const file = join(folder, 'missing', 'run.json');
    expectRefused(await runHere(['train', '--json', file]), 1, [file, 'does not exist', 'create it']);
  });

  test('a report onto a folder', async () => {
    expectRefused(await runHere(['train', '--json', folder]), 1, [folder, 'it is a folder']);
  });

  test('a report below a file', async () => {
    await writeFile(join(folder, 'file'), '');
    expectRefused(await runHere(['check', '--json', join(folder, 'file', 'run.json')]), 1, ['not a folder']);
  });

  test('a report into a folder that takes none', async () => {
    // Root may write to any folder but a kernel's.
    const closed = process.getuid?.() === 0 ? '/proc' : folder;
    await chmod(folder, 0o500);
    expectRefused(await runHere(['train', '--json', join(closed, 'run.json')]), 1, ['run.json']);
  });
});

describe.runIf(process.platform === 'linux')('what cannot be written to standard output: exit code 1', () => {
  test.each([
    ['a full disk', '/dev/full', 'w', 'the disk is full'],
    ['a descriptor that takes no output', '/dev/null', 'r', 'it takes no output'],
  ])('%s', async (_, path, flags, reason) => {
    const target = await open(path, flags);
    try {
      for (const args of [['--help'], ['--version'], ['devices'], ['devices', '--json', '-']]) {
        const { code, stderr } = await cli.run(args, { stdout: target.fd });
        expect({ args, code }).toEqual({ args, code: 1 });
        expect(stderr).toMatch(
          new RegExp(`error: (standard output|--json -) cannot be written: ${reason}; [^\\n]+\\.\n$`),
        );
      }
    } finally {
      await target.close();
    }
  });
});

test('UNDERGLASS_DEBUG shows the stack', async () => {
  const { stderr } = await cli.run(['train', '--lr', '0'], { env: { UNDERGLASS_DEBUG: '1' } });
  expect(stderr).toMatch(/\n +at .*cli\.js/);
});

test('--version is the package’s', async () => {
  const manifest: { version: string } = JSON.parse(await readFile('package.json', 'utf8'));
  for (const option of ['--version', '-v']) {
    expect(await runHere([option])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  }
});

test('help goes to standard output, and names every command and option', async () => {
  const whole = await runHere(['--help']);
  expect({ code: whole.code, stderr: whole.stderr }).toEqual({ code: 0, stderr: '' });
  for (const word of ['train', 'sweep', 'check', 'devices', 'UNDERGLASS_ADAPTER']) expect(whole.stdout).toContain(word);
  for (const [command, defaults] of [
    ['train', [/--layers <widths> .*\(default: 48,32\)/, /--lr <rate> .*\(sgd: 0\.2; adam, adamw: 0\.001;/]],
    ['sweep', [/--l2 <list> .*\(default: logspace:-2:2:10\)/, /--seeds <list> .*\(default: 0\)/]],
  ] as const) {
    const { code, stdout } = await runHere([command, '--help']);
    expect(code).toBe(0);
    for (const shown of defaults) expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(shown);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  }
});

test('without a command the help comes on standard error', async () => {
  const { code, stdout, stderr } = await runHere([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: underglass');
});

test('check compares every tensor and passes', async () => {
  const file = join(folder, 'check.json');
  const args = ['check', '--layers', '5', '--l2', '0', '--rows', '9', '--seed', '3', '--json', file];
  const { code, stdout, stderr } = await runHere(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/dense2 weights +50 of 50 .*✓/);
  expect(stdout).toContain('against central');
  const report: unknown = JSON.parse(await readFile(file, 'utf8'));
  expect(report).toMatchObject({ passed: true, rows: 9, config: { sizes: [64, 5, 10], seed: 3 } });
});

test('devices shows the adapter that is used', async () => {
  const { code, stdout, stderr } = await cli.run(['devices']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const word of ['is used', 'vendor', 'features', 'Limits', 'workgroups a dimension']) {
    expect(stdout).toContain(word);
  }
  const asJson = await cli.run(['devices', '--json', '-']);
  expect(JSON.parse(asJson.stdout)).toMatchObject({ used: { limits: { maxBufferSize: expect.any(Number) } } });
});
