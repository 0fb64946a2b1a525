// Finding a Chromium, with stand-ins for installed ones and the real npm package.

import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { type Candidate, everywhere, findChromium, findSwiftShader } from '../../src/node/chromium';

const SWIFTSHADER = ['libvk_swiftshader.so', 'libvulkan.so.1', 'vk_swiftshader_icd.json'];
const { package: npm } = await everywhere();
const onLinux = test.runIf(process.platform === 'linux');

let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'underglass-test-'));
  vi.stubEnv('XDG_CACHE_HOME', join(temporary, 'cache'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true });
});

/** A program in a folder of its own. */
async function program(folder: string, name: string, script: string): Promise<Candidate> {
  const executable = join(temporary, folder, name);
  await mkdir(join(temporary, folder), { recursive: true });
  await writeFile(executable, `#!/bin/sh\n${script}\n`);
  await chmod(executable, 0o755);
  return { name: 'Chromium', executable };
}

test('without a browser and without the package there is nothing', async () => {
  const nowhere = { candidates: [], package: undefined };
  expect(await findSwiftShader(nowhere)).toBeUndefined();
  expect(await findChromium(nowhere)).toBeUndefined();
  const gone = { candidates: [{ name: 'Chrome', executable: join(temporary, 'chrome') }], package: undefined };
  expect(await findSwiftShader(gone)).toBeUndefined();
  expect(await findChromium(gone)).toBeUndefined();
});

onLinux('browsers on the PATH are found', async () => {
  const { executable } = await program('bin', 'google-chrome', 'exit 0');
  vi.stubEnv('PATH', join(temporary, 'bin'));
  expect((await everywhere()).candidates).toContainEqual({ name: 'Chrome', executable });
});

onLinux('a browser that does not start is passed over', async () => {
  const broken = await program('a', 'chromium', 'exit 127');
  const whole = await program('b', 'chromium', 'exit 0');
  expect(await findChromium({ candidates: [broken, whole], package: undefined })).toEqual({
    executable: whole.executable,
    env: {},
    origin: `Chromium in ${join(temporary, 'b')}`,
  });
});

onLinux('a snap is passed over', async () => {
  const script = await program('a', 'chromium-browser', 'exec /snap/bin/chromium "$@"');
  const snap = await program('b', 'snap', 'exit 0');
  const link = join(temporary, 'b', 'chromium');
  await symlink(snap.executable, link);
  const candidates = [script, { name: 'Chromium', executable: link }];
  expect(await findChromium({ candidates, package: undefined })).toBeUndefined();
});

onLinux('SwiftShader is looked for beside the program that a link leads to', async () => {
  const { executable } = await program('opt', 'chrome', 'exit 0');
  const link = join(temporary, 'google-chrome');
  await symlink(executable, link);
  const search = { candidates: [{ name: 'Chrome', executable: link }], package: undefined };
  expect(await findSwiftShader(search)).toBeUndefined();
  for (const file of SWIFTSHADER) await writeFile(join(temporary, 'opt', file), '');
  expect(await findSwiftShader(search)).toMatchObject({
    library: join(temporary, 'opt', 'libvk_swiftshader.so'),
    origin: `Chrome in ${join(temporary, 'opt')}`,
  });
});

test.runIf(npm)("the package's SwiftShader is unpacked into the cache once, whole", async () => {
  const search = { candidates: [], package: npm };
  const found = await Promise.all([findSwiftShader(search), findSwiftShader(search)]);
  expect(found[0]).toEqual(found[1]);
  expect(found[0]?.origin).toBe(`the npm package @sparticuz/chromium ${npm?.version}`);
  const cache = join(temporary, 'cache', 'underglass');
  expect(await readdir(cache)).toEqual([`swiftshader-${npm?.version}`]);
  const folder = join(cache, `swiftshader-${npm?.version}`);
  expect(await readdir(folder)).toEqual(expect.arrayContaining(SWIFTSHADER));
  expect((await stat(join(folder, 'libvk_swiftshader.so'))).size).toBeGreaterThan(1e6);
});

// Unpacks 200 MB; the browser that these tests themselves use is unpacked once and kept.
test.runIf(npm)("the package's browser starts", async (context) => {
  context.skip(!inject('full'), 'only in npm run test:full');
  const found = await findChromium({ candidates: [], package: npm });
  expect(basename(found?.executable ?? '')).toBe('chromium');
});
