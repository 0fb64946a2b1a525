// The user's cache folder: whole or not there.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cachedFolder } from '../../src/node/cache';

let temporary: string;
let cache: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'underglass-test-'));
  cache = join(temporary, 'cache', 'underglass');
  vi.stubEnv('XDG_CACHE_HOME', join(temporary, 'cache'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true });
});

/** Fillings that are all half done before any of them goes on. */
function together(texts: readonly string[]) {
  let [halves, goOn] = [0, () => {}];
  const all = new Promise<void>((done) => (goOn = done));
  return texts.map((text) => async (folder: string) => {
    await writeFile(join(folder, 'first'), text);
    if (++halves === texts.length) goOn();
    await all;
    await writeFile(join(folder, 'second'), text);
  });
}

test('a folder is filled once', async () => {
  const fill = vi.fn(async (folder: string) => writeFile(join(folder, 'file'), 'text'));
  const folder = await cachedFolder('name', fill);
  expect(folder).toBe(join(cache, 'name'));
  expect(await cachedFolder('name', fill)).toBe(folder);
  expect(fill).toHaveBeenCalledOnce();
});

test('of several that fill it at the same time one wins, whole, and nothing is left of the others', async () => {
  const folders = await Promise.all(together(['a', 'b', 'c']).map((fill) => cachedFolder('name', fill)));
  expect(new Set(folders)).toEqual(new Set([join(cache, 'name')]));
  expect(await readdir(cache)).toEqual(['name']);
  const first = await readFile(join(cache, 'name', 'first'), 'utf8');
  expect(await readFile(join(cache, 'name', 'second'), 'utf8')).toBe(first);
});

test('a failure leaves nothing behind', async () => {
  vi.stubEnv('TMPDIR', temporary);
  const failing = cachedFolder('name', async (folder) => {
    await writeFile(join(folder, 'half'), '');
    throw new Error('no space left');
  });
  await expect(failing).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('no space left') });
  expect(await readdir(cache)).toEqual([]);
});

test('what a killed process left behind is removed after an hour', async () => {
  const old = join(cache, '.unfinished-old');
  const fresh = join(cache, '.unfinished-fresh');
  await mkdir(old, { recursive: true });
  await mkdir(fresh);
  const twoHoursAgo = Date.now() / 1000 - 7200;
  await utimes(old, twoHoursAgo, twoHoursAgo);
  await cachedFolder('name', async () => {});
  expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]);
});

test('where the cache cannot be written, the folder for temporary files takes its place', async () => {
  await writeFile(join(temporary, 'file'), '');
  vi.stubEnv('XDG_CACHE_HOME', join(temporary, 'file'));
  vi.stubEnv('TMPDIR', temporary);
  const folder = await cachedFolder('name', async () => {});
  expect(folder.startsWith(join(temporary, 'underglass-'))).toBe(true);
});

test('where neither can be written, the error names both', async () => {
  const file = join(temporary, 'file');
  await writeFile(file, '');
  vi.stubEnv('XDG_CACHE_HOME', file);
  vi.stubEnv('TMPDIR', file);
  const failing = cachedFolder('name', async () => {});
  await expect(failing).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('XDG_CACHE_HOME') });
});
