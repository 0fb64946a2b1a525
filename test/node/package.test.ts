// The package as somebody gets it: packed, installed in an empty project, with its types, in Node, in a page, and as a command.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { build, preview } from 'vite';
import { chromiumFlags } from '../support/chromium-flags';
import { launch } from '../page/site';

const run = promisify(execFile);

/** Packing bundles all declarations, and installing takes Dawn along. */
const MINUTES = 5 * 60_000;

/** How npm installs here. */
const QUIETLY = ['--prefer-offline', '--no-audit', '--no-fund'];

let folder: string;
let project: string;
let tarball: string;

/** README's example, and the lines that Node has in the place of its first ones. */
interface Example {
  readonly page: string;
  readonly node: string;
}

let example: Example;

/** The code blocks of README that import the library; fewer epochs than it says. */
async function readExample(): Promise<Example> {
  const readme = await readFile('README.md', 'utf8');
  const blocks = [...readme.matchAll(/```ts\n([^`]*)```/g)].map(([, code]) => code!);
  const page = blocks
    .find((code) => code.includes("from 'underglass'"))!
    .replace('epochs: 1000, every: 100', 'epochs: 3');
  const opening = blocks.find((code) => code.includes("from 'underglass/node'"))!;
  const [imports, rest] = [page.slice(0, page.indexOf('\n')), page.slice(page.indexOf('const trainer'))];
  return { page, node: `${imports}\n${opening}${rest}` };
}

beforeAll(async () => {
  if (!inject('full')) return;
  example = await readExample();
  folder = await mkdtemp(join(tmpdir(), 'underglass-package-'));
  await run('npm', ['pack', '--pack-destination', folder]);
  tarball = join(folder, (await readdir(folder))[0]!);
  project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'own', private: true, type: 'module' }));
  await run('npm', ['install', ...QUIETLY, tarball], { cwd: project });
  await writeFile(join(project, 'page.ts'), example.page);
  await writeFile(join(project, 'node.ts'), example.node);
  await writeFile(join(project, 'node.mjs'), example.node);
  await writeFile(join(project, 'index.html'), '<!doctype html><script type="module" src="page.ts"></script>');
  await cp('public', join(project, 'public'), { recursive: true });
}, MINUTES);

afterAll(() => folder && rm(folder, { recursive: true, force: true }));

describe('installed from its tarball', { timeout: MINUTES }, () => {
  beforeEach(({ skip }) => skip(!inject('full'), 'only in npm run test:full'));

  test.for([
    ['ESNext', 'Bundler'],
    ['Node16', 'Node16'],
    ['NodeNext', 'NodeNext'],
  ] as const)('README’s example has strict types: module %s, resolved as %s', async ([module, moduleResolution]) => {
    const options = {
      module,
      moduleResolution,
      target: 'ES2023',
      lib: ['ES2023', 'DOM', 'DOM.AsyncIterable'],
      strict: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [resolve('node_modules/@types')],
    };
    const config = join(project, `tsconfig.${module}.json`);
    await writeFile(config, JSON.stringify({ compilerOptions: options, files: ['page.ts', 'node.ts'] }));
    const { stdout } = await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', config]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  test.for(['in a project', 'for all'] as const)(
    '%s: without an adapter the advice works, word for word',
    async (where, { skip }) => {
      let [cwd, command, env] = [project, join(project, 'node_modules/.bin/underglass'), process.env];
      if (where === 'for all') {
        const prefix = join(folder, 'global');
        cwd = join(folder, 'elsewhere');
        await mkdir(cwd);
        env = { ...process.env, npm_config_prefix: prefix };
        await run('npm', ['install', '--global', ...QUIETLY, tarball], { cwd, env });
        command = join(prefix, 'bin/underglass');
      }
      const train = () => run(command, ['train', '--layers', 'none', '--epochs', '2', '--no-tune'], { cwd, env });
      const refusal = await train().then(
        () => '',
        ({ stderr }: { stderr: string }) => stderr,
      );
      skip(refusal === '', 'this machine has an adapter');
      const [, advice = ''] = /or: npm (install [^\n]+)\.$/m.exec(refusal) ?? [];
      expect(advice.includes('--global'), refusal).toBe(where === 'for all');
      await run('npm', [...advice.split(' '), ...QUIETLY], { cwd, env });
      expect((await train()).stdout).toContain('2 epochs, 2 steps');
    },
  );

  test('README’s example runs in Node, and the process may end with its device open', async () => {
    const untidy = example.node.replace('device.dispose();', '');
    await writeFile(join(project, 'untidy.mjs'), untidy);
    for (const program of ['node.mjs', 'untidy.mjs', 'untidy.mjs', 'untidy.mjs']) {
      const { stdout } = await run(process.execPath, [program], { cwd: project });
      expect(stdout).toMatch(/^3 0\.\d+$/m);
      expect(stdout).toContain('dense1 forward');
    }
  });

  test('README’s example runs in a built page', async () => {
    await build({ root: project, configFile: false, logLevel: 'warn', build: { target: 'es2023' } });
    const server = await preview({ root: project, configFile: false, preview: { port: 0 } });
    const browser = await launch(chromiumFlags(inject('adapter')));
    try {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on('pageerror', (error) => said.push(error.message));
      page.on('console', (message) => said.push(message.text()));
      await page.goto(server.resolvedUrls!.local[0]!);
      await expect.poll(() => said, { timeout: 60_000 }).toContainEqual(expect.stringMatching(/^3 0\.\d+$/));
    } finally {
      await browser.close();
      await server.close();
    }
  });

  test('the command trains', async () => {
    const command = join(project, 'node_modules/.bin/underglass');
    const args = ['train', '--layers', 'none', '--epochs', '2', '--no-tune'];
    const { stdout } = await run(command, args, { cwd: project });
    expect(stdout).toContain('2 epochs, 2 steps');
  });

  test('publint finds nothing to better, and no script of ours runs where it is installed', async () => {
    const pkgDir = join(project, 'node_modules/underglass');
    const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
    const { scripts }: { scripts: object } = JSON.parse(await readFile(join(pkgDir, 'package.json'), 'utf8'));
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });
});
