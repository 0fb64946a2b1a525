// The tests: one suite, run twice. The project `browser` runs it in Chromium, the project `node` in Node on Dawn, where the
// command line's and the build's own tests are added. The project `page` drives the built page, as a person would.
//
// Both use SwiftShader, so that the results are the same everywhere; `UNDERGLASS_ADAPTER=gpu npm test` uses the GPU of
// this machine.

import { playwright } from '@vitest/browser-playwright';
import { runnerImport } from 'vite';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import wgsl from 'wgsl-loader';
import type { AdapterChoice } from './src/cli/dawn';

declare module 'vitest' {
  interface ProvidedContext {
    /** Which adapter the tests run on. */
    adapter: AdapterChoice;
    /** Whether every golden run is followed to its end. */
    full: boolean;
  }
}

// Vite's own loader of configurations wants file extensions in imports, which the sources do without.
const load = async <T>(file: string): Promise<T> => (await runnerImport<T>(file)).module;
const { chromiumFlags } = await load<typeof import('./test/support/chromium-flags')>('./test/support/chromium-flags');
const { findChromium } = await load<typeof import('./src/cli/chromium')>('./src/cli/chromium');
const { adapterChoice } = await load<typeof import('./src/cli/dawn')>('./src/cli/dawn');

// Dawn has a software adapter on Linux only.
process.env.UNDERGLASS_ADAPTER ||= process.platform === 'linux' ? 'software' : 'gpu';
const adapter = adapterChoice();

const chromium = await findChromium();
if (!chromium) throw new Error('The tests need a browser; install Chrome or Chromium (not as a snap).');

const suite = (test: NonNullable<TestProjectInlineConfiguration['test']>): TestProjectInlineConfiguration => ({
  plugins: [wgsl({ root: 'shaders' })],
  test: {
    provide: { adapter, full: Boolean(process.env['UNDERGLASS_FULL_TESTS']) },
    testTimeout: 120_000,
    hookTimeout: 60_000,
    ...test,
  },
});

const browser: TestProjectInlineConfiguration = {
  ...suite({
    name: 'browser',
    include: ['test/**/*.test.ts'],
    // The float64 reference, the tuner's decisions and the trials with made-up clocks have nothing of the browser, and are slow.
    exclude: [
      'test/app/**',
      'test/cli/**',
      'test/node/**',
      'test/page/**',
      'test/reference/**',
      'test/schedule/**',
      'test/profile/estimate.test.ts',
      'test/profile/phase-lock.test.ts',
    ],
    setupFiles: ['test/support/validation.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      // SwiftShader uses every core by itself, and the other project runs beside this one.
      fileParallelism: false,
      provider: playwright({
        launchOptions: {
          executablePath: chromium.executable,
          args: chromiumFlags(adapter),
          env: { ...process.env, ...chromium.env },
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
  }),
  // Found only while the tests run, a dependency would make the page load anew.
  optimizeDeps: { include: ['fast-check'] },
};

const node = suite({
  name: 'node',
  // One adapter is enough for what takes long and depends on the kernels alone.
  exclude: [
    '**/node_modules/**',
    'test/page/**',
    'test/kernels/variants.test.ts',
    'test/profile/limits.test.ts',
    'test/train/divergence.test.ts',
    'test/train/runners.test.ts',
    'test/train/state.test.ts',
    'test/train/steps.test.ts',
    'test/train/sweep.test.ts',
  ],
  include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
  environment: 'node',
  pool: 'forks',
  setupFiles: ['test/support/dawn.ts', 'test/support/validation.ts'],
});

const page = suite({
  name: 'page',
  include: ['test/page/**/*.test.ts'],
  environment: 'node',
  pool: 'forks',
  globalSetup: ['test/page/setup.ts'],
  // Training takes the processors that clicks wait for: one file at a time, and after the other projects.
  fileParallelism: false,
  sequence: { groupOrder: 1 },
});

export default defineConfig({
  test: { reporters: ['default', './test/support/totals-reporter.ts'], projects: [browser, node, page] },
});
