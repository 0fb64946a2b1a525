// What tuning chose is remembered, and a file that does not fit is ignored with a sentence, never trusted.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTuningFile } from '../../src/cli/tuning-file';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underglass-tuning-'));
  path = join(folder, 'cache', 'tuning.json');
});

afterEach(() => rm(folder, { recursive: true }));

test('choices are there the next time, and others are kept', async () => {
  const first = await openTuningFile(path);
  expect(first).toMatchObject({ notice: undefined });
  first.write('a', '2x2 blocks');
  expect(first.read('a')).toBe('2x2 blocks');
  expect(await first.save()).toBeUndefined();
  const second = await openTuningFile(path);
  expect(second.read('a')).toBe('2x2 blocks');
  second.write('b', '1x1 blocks');
  await second.save();
  const third = await openTuningFile(path);
  expect([third.read('a'), third.read('b'), third.read('c')]).toEqual(['2x2 blocks', '1x1 blocks', undefined]);
  expect(await readdir(join(folder, 'cache'))).toEqual(['tuning.json']);
});

test('nothing new is not written', async () => {
  await (await openTuningFile(path)).save();
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  { what: 'truncated', spoil: (text: string) => text.slice(0, text.length / 2), why: /no whole JSON/ },
  { what: 'of something else', spoil: () => '{"format":"other"}', why: /not what Underglass writes/ },
  { what: 'with other types', spoil: (text: string) => text.replace('"2x2"', '7'), why: /not what Underglass writes/ },
  {
    what: 'of another version',
    spoil: (text: string) => text.replace(/"version": "/, '$&0.0.9 or '),
    why: /of version 0.0.9/,
  },
])('a file $what is ignored with a sentence, and replaced', async ({ spoil, why }) => {
  const file = await openTuningFile(path);
  file.write('a', '2x2');
  await file.save();
  await writeFile(path, spoil(await readFile(path, 'utf8')));
  const spoilt = await openTuningFile(path);
  expect(spoilt.read('a')).toBeUndefined();
  expect(spoilt.notice).toMatch(why);
  expect(spoilt.notice).toContain(path);
  spoilt.write('a', '1x1');
  await spoilt.save();
  expect((await openTuningFile(path)).read('a')).toBe('1x1');
});

test('a folder that takes no file costs a sentence, not the run', async () => {
  await writeFile(join(folder, 'cache'), 'a file');
  const file = await openTuningFile(path);
  file.write('a', '2x2');
  expect(await file.save()).toMatch(/could not be remembered/);
});
