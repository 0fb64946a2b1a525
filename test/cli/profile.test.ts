// `underglass profile` and `underglass roofline`: what they print and write, and one clear sentence for what they cannot do.

import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readRecording, type TraceFile } from '../../src/index';
import { runHere } from '../support/command-line-here';

let cache: string;
let folder: string;
/** A recording that was made for these tests. */
let recordingText: string;

const SMALL = ['--layers', '8', '--batch', '100', '--no-tune', '--steps', '12'];

const run = (...args: string[]) => runHere(args, { env: { XDG_CACHE_HOME: cache } });

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'underglass-cache-'));
  const { stdout, stderr } = await run('profile', ...SMALL, '--record', '-');
  recordingText = stdout;
  // The report goes where the recording does not.
  expect(stderr).toContain('GPU time of one training step');
});

afterAll(async () => {
  await rm(cache, { recursive: true });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underglass-test-'));
});

afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

test('prints every operation, the clock, the tax and an account, and writes what was asked for', async () => {
  const [out, record, csv, markdown] = ['a.json', 'r.json', 't.csv', 't.md'].map((name) => join(folder, name));
  const files = ['--out', out!, '--record', record!, '--csv', csv!, '--markdown', markdown!];
  const { code, stdout, stderr } = await run('profile', ...SMALL, ...files);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const recording = readRecording(await readFile(record!, 'utf8'), record!);
  const labels = recording.operations.map(({ label }) => label);
  expect(labels).toEqual(['dense1 forward', 'dense2 loss', 'dense2 backward', 'dense1 backward', 'update']);
  for (const label of labels) expect(stdout.split('\n').some((line) => line.trim().startsWith(label))).toBe(true);
  for (const words of ['Clock: ', 'the profiling tax', 'GPU busy', 'remainder', '100.00%', 'of its limit']) {
    expect(stdout).toContain(words);
  }
  expect(recording.operations.every(({ estimate }) => estimate.samples >= 12)).toBe(true);
  expect(recording.ceilings!.flops).toBeGreaterThan(0);
  expect(recording.config).toMatchObject({ sizes: [64, 8, 10], batch: 100 });
  const trace: TraceFile = JSON.parse(await readFile(out!, 'utf8'));
  expect(trace.traceEvents.filter(({ name }) => name === 'update').length).toBeGreaterThanOrEqual(12);
  expect((await readFile(csv!, 'utf8')).split('\r\n')).toHaveLength(labels.length + 2);
  expect(await readFile(markdown!, 'utf8')).toContain('| dense2 loss |');
  expect(await readdir(cache)).toEqual(['underglass']);
  expect(await readdir(join(cache, 'underglass'))).toContain('ceilings.json');
});

test('compares with a recording, and draws one under the roofline without a GPU', async () => {
  const before = join(folder, 'before.json');
  await writeFile(before, recordingText);
  const compared = await run('profile', ...SMALL, '--compare', before);
  expect(compared).toMatchObject({ code: 0, stderr: '' });
  expect(compared.stdout).toMatch(/dense2 backward .* (faster|slower|noise)\n/);
  const drawn = await runHere(['roofline', '--recording', before], { env: { UNDERGLASS_ADAPTER: 'none' } });
  expect(drawn).toMatchObject({ code: 0, stderr: '' });
  expect(drawn.stdout).toMatch(/b +dense2 loss .*% of /);
  expect(Math.max(...drawn.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

test('the roofline is measured once, remembered, and given as JSON', async () => {
  const first = await run('roofline', '--json', '-');
  expect(first.code).toBe(0);
  const again = await run('roofline', '--json', '-');
  expect(JSON.parse(again.stdout)).toEqual(JSON.parse(first.stdout));
  expect(first.stderr).toContain('╱');
});

describe('one clear sentence', () => {
  test('for two options that name the same file, before anything is trained', async () => {
    const file = join(folder, 'same.json');
    const other = `${folder}/./same.json`;
    await expectRefusal(
      ['profile', '--out', file, '--record', other],
      2,
      /--out and --record both name .*same\.json; give each a file/,
    );
  });

  async function expectRefusal(args: readonly string[], code: number, words: RegExp): Promise<void> {
    const ended = await runHere(args);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
    expect(ended.stderr).toMatch(/^error: [^\n]+[.?]\n$/);
    expect(ended.stderr).toMatch(words);
  }

  test.each([
    ['cut off', (text: string) => text.slice(0, 2000), /--compare .*the recording is cut off/],
    [
      'of another version',
      (text: string) => text.replace('"version":1', '"version":7'),
      /version 7, .* reads version 1/,
    ],
    ['not ours', () => '{"traceEvents": []}', /not a recording of Underglass/],
    ['no JSON', () => 'hello', /not a recording of Underglass/],
    [
      'damaged',
      (text: string) => text.replace('"samplesNs":[', '"samplesNs":["a",'),
      /operations\[0\]\.samplesNs\[0\] is "a"/,
    ],
  ])('a recording that is %s, before anything is trained', async (_, spoil, words) => {
    const file = join(folder, 'r.json');
    await writeFile(file, spoil(recordingText));
    await expectRefusal(['profile', '--compare', file], 1, words);
    await expectRefusal(
      ['roofline', '--recording', file],
      1,
      new RegExp(words.source.replace('--compare', '--recording')),
    );
  });

  test('a recording that is not there', async () => {
    await expectRefusal(['profile', '--compare', join(folder, 'none.json')], 1, /cannot be read: it does not exist/);
  });

  test.each(['--out', '--record', '--csv', '--markdown'])('%s that cannot be written', async (option) => {
    await expectRefusal(
      ['profile', option, join(folder, 'no', 'a.json')],
      1,
      new RegExp(`${option} .* cannot be written`),
    );
    await expectRefusal(['profile', option, folder], 1, new RegExp(`${option} .*it is a folder`));
  });

  test.runIf(process.platform === 'linux')(
    'a disk that is full: the other file is written, and only that is named',
    async () => {
      const table = join(folder, 'table.csv');
      const { code, stdout, stderr } = await run('profile', ...SMALL, '--out', '/dev/full', '--csv', table);
      expect(code).toBe(1);
      expect(stderr).toBe('error: --out /dev/full cannot be written: the disk is full; choose another file.\n');
      expect(stdout).toContain('GPU time of one training step');
      expect(stdout).toContain('the table as CSV');
      expect(stdout).not.toContain('/dev/full');
      expect(await readFile(table, 'utf8')).toContain('dense1 forward');
    },
  );

  test.each([
    [['--steps', '0'], /--steps is "0"; use a whole number from 1 to 65536/],
    [['--epochs', '0'], /--epochs is "0"; use a whole number of at least 1/],
    [['--stepps', '5'], /unknown option '--stepps'; did you mean --steps/],
  ])('%s', async (args, words) => {
    await expectRefusal(['profile', ...args], 2, words);
  });

  test('two texts for one standard output', async () => {
    await expectRefusal(['profile', '--out', '-', '--csv', '-'], 2, /only one of --out/);
  });

  test('a training that diverges leaves its recording', async () => {
    const file = join(folder, 'r.json');
    const { code, stderr } = await run(
      'profile',
      ...SMALL,
      '--lr',
      '1e30',
      '--epochs',
      '40',
      '--steps',
      '30',
      '--record',
      file,
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the training diverged: its loss is no number .*\n$/);
    expect(readRecording(await readFile(file, 'utf8'), file).timeline.length).toBeGreaterThan(0);
  });
});
