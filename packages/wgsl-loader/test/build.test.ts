// `vite build` with the plug-in.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { expect, test } from 'vitest';
import wgsl from '../src/index.js';
import { createProject, type Project } from './project.js';

const FILES = {
  'src/main.js': "import linear from '../shaders/linear.wgsl';\nexport default linear;\n",
  'shaders/linear.wgsl': `import package::lib::plus::plus;
@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64) fn forward() { y[0] = plus(1, 2); }
`,
  'shaders/lib/plus.wgsl': 'fn plus(a: f32, b: f32) -> f32 { return a + b; }\n',
};

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

async function bundle(project: Project): Promise<string> {
  const result = await build({
    root: project.root,
    configFile: false,
    logLevel: 'silent',
    plugins: [wgsl()],
    build: { lib: { entry: 'src/main.js', formats: ['es'], fileName: 'main' }, write: false, minify: false },
  });
  const outputs = [result].flat().flatMap((bundled) => ('output' in bundled ? bundled.output : []));
  return outputs.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
}

test('the bundle has the linked, reflected shader, and the declaration files are there', async () => {
  const project = createProject(FILES);
  const code = await bundle(project);
  const bundled: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
  expect(bundled).toHaveProperty('default', {
    name: 'linear',
    path: 'shaders/linear.wgsl',
    code: matching(/fn plus\(a: f32, b: f32\) -> f32/),
    codeIf: {},
    entryPoints: { forward: { stage: 'compute', workgroupSize: [64, 1, 1], bindings: ['y'] } },
    bindings: { y: { group: 0, binding: 0, type: 'storage', format: 'array<f32>', minBindingSize: 4 } },
    overrides: {},
    structs: {},
    constants: {},
  });
  expect(existsSync(project.path('.wgsl-types/shaders/linear.d.wgsl.ts'))).toBe(true);
});

test('a compile error fails the build, with the file, line and column it was written at', async () => {
  const project = createProject({
    ...FILES,
    'shaders/lib/plus.wgsl': '// Sum.\nfn plus(a: f32, b: f32) -> f32 {\n  let sum: u32 = a + b;\n  return a;\n}\n',
  });
  const file = project.path('shaders/lib/plus.wgsl');
  await expect(bundle(project)).rejects.toMatchObject({
    errors: [
      {
        message: matching(/shaders\/lib\/plus\.wgsl:3:7 cannot initialize 'let' of type 'u32'/),
        id: file,
        loc: { file, line: 3, column: 7 },
        frame: matching(/^3 \| {3}let sum: u32 = a \+ b;\n {2}\| {7}\^\^\^$/m),
      },
    ],
  });
});

test('a root outside the Vite root is refused', async () => {
  const project = createProject(FILES);
  const built = build({ root: project.root, configFile: false, logLevel: 'silent', plugins: [wgsl({ root: '..' })] });
  await expect(built).rejects.toThrow(/root '\.\.' lies outside/);
});

test('a shader may begin with a byte order mark; ?inline is its linked text, ?raw the file as it stands', async () => {
  const marked = `\uFEFF${FILES['shaders/linear.wgsl']}`;
  const project = createProject({
    ...FILES,
    'shaders/linear.wgsl': marked,
    'src/main.js': `import linear from '../shaders/linear.wgsl';
      import inline from '../shaders/linear.wgsl?inline';
      import raw from '../shaders/linear.wgsl?raw';
      export default { linear, inline, raw };`,
  });
  const code = await bundle(project);
  const { default: shaders }: { default: { linear: { name: string; code: string }; inline: string; raw: string } } =
    await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
  const { linear, inline, raw } = shaders;
  expect(linear).toMatchObject({ name: 'linear', code: matching(/^@group/) });
  expect(inline).toBe(linear.code);
  expect(raw).toContain('fn forward');
});

test('the build process ends by itself with code 0, time after time', async () => {
  const project = createProject({
    ...FILES,
    'vite.config.mts': `import wgsl from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
      export default {
        plugins: [wgsl({ types: false })],
        build: { lib: { entry: 'src/main.js', formats: ['es'] } },
      };`,
  });
  const vite = join(import.meta.dirname, '../../../node_modules/vite/bin/vite.js');
  for (let run = 0; run < 3; run++) {
    const args = [vite, 'build', project.root, '--config', project.path('vite.config.mts'), '--logLevel', 'error'];
    await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  }
  expect(existsSync(project.path('.wgsl-types'))).toBe(false);
}, 30_000);
