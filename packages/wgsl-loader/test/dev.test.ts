// The Vite dev server with the plug-in: hot reload.

import { createServer } from 'vite';
import { expect, onTestFinished, test, vi } from 'vitest';
import wgsl from '../src/index.js';
import { createProject, type Project } from './project.js';

const GOOD = 'fn plus(a: f32, b: f32) -> f32 { return a + b; }\n';
const FILES = {
  'src/main.js': `import linear from '../shaders/linear.wgsl';
import.meta.hot.accept('../shaders/linear.wgsl', () => {});
console.log(linear);
`,
  'shaders/linear.wgsl': `import package::lib::plus::{plus, SUM};
@compute @workgroup_size(64) fn forward() { _ = plus(1, SUM); }
`,
  'shaders/lib/plus.wgsl': `const SUM = 1;\n${GOOD}`,
};
vi.setConfig({ testTimeout: 30_000 });
const WAIT = { timeout: 10_000, interval: 100 };

interface Dev {
  /** The hot-reload messages to the page, oldest first. */
  readonly sent: readonly unknown[];
  /** Fetches the shader's module as the page does. */
  readonly fetchShader: () => Promise<{ status: number; code: string }>;
  /** Writes files until the dev server has sent a message: its watcher passes over changes in quick succession. */
  readonly edit: (files: { readonly [path: string]: string }, message: unknown) => Promise<void>;
}

/** A dev server whose page has loaded src/main.js. */
async function serve(project: Project): Promise<Dev> {
  const server = await createServer({
    root: project.root,
    configFile: false,
    logLevel: 'silent',
    plugins: [wgsl()],
    server: { port: 0, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  onTestFinished(() => server.close());
  const sent: unknown[] = [];
  vi.spyOn(server.environments.client.hot, 'send').mockImplementation((...message: unknown[]) => {
    sent.push(message[0]);
  });
  await server.listen();
  const address = server.httpServer?.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await server.transformRequest('/src/main.js');
  return {
    sent,
    async fetchShader() {
      const response = await fetch(`http://localhost:${port}/shaders/linear.wgsl?import`);
      return { status: response.status, code: await response.text() };
    },
    async edit(files, message) {
      sent.length = 0;
      await vi.waitFor(() => {
        project.write(files);
        expect(sent).toContainEqual(message);
      }, WAIT);
    },
  };
}

const like = (fields: object): unknown => expect.objectContaining(fields);
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

const UPDATE = like({
  type: 'update',
  updates: [like({ path: '/src/main.js', acceptedPath: '/shaders/linear.wgsl' })],
});
const RELOAD = like({ type: 'full-reload' });

test('an edit of an imported file updates the importing shader and its types', async () => {
  const project = createProject(FILES);
  const { fetchShader, edit } = await serve(project);
  expect((await fetchShader()).code).toContain('return a + b;');
  expect(project.read('.wgsl-types/shaders/linear.d.wgsl.ts')).toContain('SUM: 1;');

  await edit({ 'shaders/lib/plus.wgsl': `const SUM = 2;\n${GOOD.replace('a + b', 'b + a')}` }, UPDATE);
  expect((await fetchShader()).code).toContain('return b + a;');
  expect(project.read('.wgsl-types/shaders/linear.d.wgsl.ts')).toContain('SUM: 2;');
});

test('an edit with an error shows it at its place in the overlay, and mending it recovers', async () => {
  const project = createProject(FILES);
  const { sent, fetchShader, edit } = await serve(project);
  await fetchShader();

  await edit({ 'shaders/lib/plus.wgsl': `const SUM = 1;\n${GOOD.replace('a + b', 'a + 1u')}` }, UPDATE);
  expect((await fetchShader()).status).toBe(500);
  const file = project.path('shaders/lib/plus.wgsl');
  expect(sent).toContainEqual({
    type: 'error',
    err: like({
      message: matching(/^shaders\/lib\/plus\.wgsl:2:41 no matching overload/),
      id: file,
      loc: { file, line: 2, column: 41 },
      frame: matching(/^ {2}\| {41}\^{6}$/m),
    }),
  });

  await edit({ 'shaders/lib/plus.wgsl': FILES['shaders/lib/plus.wgsl'] }, UPDATE);
  expect((await fetchShader()).code).toContain('return a + b;');
});

test('a page whose shader has never loaded is reloaded once an import is mended, or first written', async () => {
  const project = createProject({ ...FILES, 'shaders/lib/plus.wgsl': `${GOOD}import super::sum::SUM;\n` });
  const { fetchShader, edit } = await serve(project);
  expect((await fetchShader()).status).toBe(500);
  await edit({ 'shaders/lib/plus.wgsl': `import super::sum::TOTAL;\n${GOOD}const SUM = TOTAL;\n` }, RELOAD);
  expect((await fetchShader()).status).toBe(500);
  await edit({ 'shaders/lib/sum.wgsl': 'const TOTAL = 3;\n' }, RELOAD);
  expect((await fetchShader()).code).toContain('const TOTAL = 3;');
});

test('a new shader gets its declaration file at once', async () => {
  const project = createProject(FILES);
  await serve(project);
  await vi.waitFor(() => {
    project.write({ 'shaders/fresh.wgsl': '@compute @workgroup_size(1) fn fresh() {}\n' });
    expect(project.read('.wgsl-types/shaders/fresh.d.wgsl.ts')).toContain('fresh');
  }, WAIT);
});
