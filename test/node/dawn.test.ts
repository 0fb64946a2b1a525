// Dawn in processes of their own, built as the command line is: which adapter they get, and how they end.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { everywhere, findSwiftShader } from '../../src/node/chromium';
import { adapterChoice } from '../../src/node/dawn';

let temporary: string;
const { package: npm } = await everywhere();
const onSoftware = test.runIf(inject('adapter') === 'software');

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'underglass-test-'));
  await bundle('installed', 'dawn-probe', 'collection-probe');
  await bundle('bare', 'dawn-probe');
  await symlink(resolve('node_modules'), join(temporary, 'installed', 'node_modules'), 'junction');
});

afterAll(async () => {
  await rm(temporary, { recursive: true });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Builds probes into a folder. */
async function bundle(folder: string, ...probes: readonly string[]): Promise<void> {
  const output = { entryFileNames: '[name].mjs' };
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      outDir: join(temporary, folder),
      emptyOutDir: true,
      rolldownOptions: {
        input: probes.map((probe) => resolve(`test/node/${probe}.ts`)),
        external: ['webgpu'],
        output,
      },
    },
  });
}

interface Ended {
  readonly exitCode: number | string | null | undefined;
  readonly stderr: string;
  readonly report: {
    readonly architecture?: string;
    readonly stamps?: readonly string[];
    readonly wait?: { readonly turns: number; readonly milliseconds: number };
    readonly opened?: number;
    readonly alive?: number;
    readonly code?: string;
    readonly message?: string;
  };
}

/** Runs a probe, from a folder with or without `node_modules`. */
async function runProbe(
  folder: 'installed' | 'bare',
  args: string,
  env: Record<string, string> = {},
  probe = 'dawn-probe',
): Promise<Ended> {
  const script = join(temporary, folder, `${probe}.mjs`);
  return new Promise((done) => {
    const settings = { env: { ...process.env, ...env } };
    const child = execFile(
      process.execPath,
      ['--expose-gc', script, ...args.split(' ')],
      settings,
      (error, stdout, stderr) => {
        done({
          exitCode: error ? (child.exitCode ?? child.signalCode) : 0,
          stderr,
          report: JSON.parse(stdout || '{}'),
        });
      },
    );
  });
}

test('an unknown choice of adapter is refused', () => {
  vi.stubEnv('UNDERGLASS_ADAPTER', 'best');
  expect(() => adapterChoice()).toThrow('use any, gpu or software');
});

test('where Dawn is not installed, the error says so', async () => {
  const { exitCode, report } = await runProbe('bare', 'everywhere');
  expect({ exitCode, code: report.code }).toEqual({ exitCode: 3, code: 'no-webgpu' });
});

onSoftware('the software adapter is found, quietly, and the process ends well', async () => {
  for (let run = 0; run < 3; run += 1) {
    const { exitCode, stderr, report } = await runProbe('installed', 'everywhere');
    expect({ exitCode, stderr, architecture: report.architecture }).toEqual({
      exitCode: 0,
      stderr: '',
      architecture: 'swiftshader',
    });
  }
});

test.runIf(npm && inject('adapter') === 'software')("the npm package's adapter works from a fresh cache", async () => {
  const env = { XDG_CACHE_HOME: join(temporary, 'cache') };
  const { exitCode, stderr, report } = await runProbe('installed', 'package', env);
  expect({ exitCode, stderr, architecture: report.architecture }).toEqual({
    exitCode: 0,
    stderr: '',
    architecture: 'swiftshader',
  });
});

onSoftware('without a browser the error says what to install, and Dawn adds nothing', async () => {
  const { exitCode, stderr, report } = await runProbe('installed', 'nowhere');
  expect({ exitCode, stderr, code: report.code }).toEqual({ exitCode: 3, stderr: '', code: 'no-adapter' });
  expect(report.message).toContain('install Chrome or Chromium');
});

onSoftware('a driver that does not load gives way to the software adapter', async () => {
  const broken = { UNDERGLASS_ADAPTER: 'any', VK_DRIVER_FILES: join(temporary, 'none.json') };
  const { exitCode, report } = await runProbe('installed', 'everywhere', broken);
  expect({ exitCode, architecture: report.architecture }).toEqual({ exitCode: 0, architecture: 'swiftshader' });
});

const hasGpu = existsSync('/dev/dri') || existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');

test.runIf(!hasGpu && inject('adapter') === 'software')(
  'on a machine without a GPU, an installed driver is not asked, and says nothing',
  async () => {
    const folder = join(temporary, 'data', 'vulkan', 'icd.d');
    await mkdir(folder, { recursive: true });
    const ICD = { library_path: join(temporary, 'none.so'), api_version: '1.3.0' };
    await writeFile(join(folder, 'none_icd.json'), JSON.stringify({ file_format_version: '1.0.0', ICD }));
    // The tests' own adapter is named in this process.
    const unnamed = { VK_DRIVER_FILES: '', VK_ICD_FILENAMES: '' };
    const env = { ...unnamed, UNDERGLASS_ADAPTER: 'any', XDG_DATA_HOME: join(temporary, 'data') };
    const { exitCode, stderr, report } = await runProbe('installed', 'everywhere', env);
    expect({ exitCode, stderr, architecture: report.architecture }).toEqual({
      exitCode: 0,
      stderr: '',
      architecture: 'swiftshader',
    });
  },
);

onSoftware('a driver that loads is taken as the GPU of this machine', async () => {
  const software = await findSwiftShader();
  const env = { UNDERGLASS_ADAPTER: 'gpu', VK_DRIVER_FILES: software?.manifest ?? '' };
  const { exitCode, report } = await runProbe('installed', 'everywhere', env);
  expect({ exitCode, architecture: report.architecture }).toEqual({ exitCode: 0, architecture: 'swiftshader' });
});

test('timestamps are not rounded', async () => {
  // Rounded stamps are all multiples of 65,536 ns; by chance 32 exact ones are not.
  const { report } = await runProbe('installed', 'everywhere');
  expect(report.stamps).toHaveLength(32);
  expect(report.stamps?.some((stamp) => BigInt(stamp) % 65_536n !== 0n)).toBe(true);
});

test('while work of the device is awaited, the event loop rests between its turns', async () => {
  const { report } = await runProbe('installed', 'everywhere wait');
  const { turns, milliseconds } = report.wait!;
  // A rest takes 0.2 ms; without any the loop turns tens of times a millisecond.
  expect(turns).toBeLessThan(milliseconds / 0.2 + 3);
});

test.each([
  ['disposed devices are collected', 'dispose', 0],
  ['devices that were dropped are kept, since Dawn crashes without them', 'drop', 4],
])('%s, and none needs its GPU to be held elsewhere', async (_, argument, alive) => {
  const { exitCode, report } = await runProbe('installed', argument, {}, 'collection-probe');
  expect({ exitCode, ...report }).toEqual({ exitCode: 0, opened: 4, alive });
});
