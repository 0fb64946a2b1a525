// Reports appear whole or not at all, and never replace what is no file.

import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJsonOutput } from '../../src/cli/json-output';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underglass-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('nothing is there before it is written', async () => {
  const output = await openJsonOutput(join(folder, 'a.json'));
  expect(await readdir(folder)).toEqual([]);
  await output.write({ a: 1 });
  expect(await readdir(folder)).toEqual(['a.json']);
  expect(JSON.parse(await readFile(join(folder, 'a.json'), 'utf8'))).toEqual({ a: 1 });
});

test('an older file stays until it is replaced', async () => {
  const file = join(folder, 'a.json');
  await writeFile(file, 'old');
  const output = await openJsonOutput(file);
  expect(await readFile(file, 'utf8')).toBe('old');
  await output.write([]);
  expect(await readFile(file, 'utf8')).toBe('[]\n');
});

test('a folder that goes away meanwhile is a failure, and nothing is left behind', async () => {
  const output = await openJsonOutput(join(folder, 'a.json'));
  await rm(folder, { recursive: true });
  await expect(output.write({})).rejects.toMatchObject({ code: 'io' });
  await mkdtemp(folder).then((made) => rm(made, { recursive: true }));
  folder = await mkdtemp(join(tmpdir(), 'underglass-test-'));
});

test.runIf(process.platform !== 'win32')('a link stays a link', async () => {
  await writeFile(join(folder, 'target.json'), 'old');
  await symlink('target.json', join(folder, 'link.json'));
  await (await openJsonOutput(join(folder, 'link.json'))).write(1);
  expect((await lstat(join(folder, 'link.json'))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder, 'target.json'), 'utf8')).toBe('1\n');
});

test.runIf(process.platform !== 'win32')('a device stays a device', async () => {
  await (await openJsonOutput('/dev/null')).write(1);
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
});

test('without a path nothing is written', async () => {
  await (await openJsonOutput(undefined)).write(1);
  expect(await readdir(folder)).toEqual([]);
});
