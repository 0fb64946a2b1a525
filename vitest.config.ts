// The tests: one suite for two places. The project `browser` runs it in Chromium, the project `node` in Node on Dawn, where the
// command line's and the build's own tests are added. The project `page` drives the built page, as a person would.
// vitest.firefox.config.ts has the tests in Firefox.
//
// What takes long, because it compiles many pipelines, runs in one of the two places by default, and in both in
// `npm run test:full` (UNDERGLASS_FULL_TESTS), which also goes deeper where a test asks for `full`.
//
// All use SwiftShader, so that the results are the same everywhere; `UNDERGLASS_ADAPTER=gpu npm test` uses the GPU of
// this machine.

import { playwright } from '@vitest/browser-playwright';
import { runnerImport } from 'vite';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import wgsl from 'wgsl-loader';
import type { AdapterChoice } from './src/node/dawn';

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
const { findChromium } = await load<typeof import('./src/node/chromium')>('./src/node/chromium');
const { adapterChoice } = await load<typeof import('./src/node/dawn')>('./src/node/dawn');

// Dawn has a software adapter on Linux only.
process.env.UNDERGLASS_ADAPTER ||= process.platform === 'linux' ? 'software' : 'gpu';
const adapter = adapterChoice();

const chromium = await findChromium();
if (!chromium) throw new Error('The tests need a browser; install Chrome or Chromium (not as a snap).');

const full = Boolean(process.env['UNDERGLASS_FULL_TESTS']);

/** What kernels compute, which the same adapter does in both places, and what is refused before them. In Node by default. */
const NUMBERS = [
  'test/kernels/**',
  'test/profile/ceilings.test.ts',
  'test/train/gradient-check.test.ts',
  'test/train/parts.test.ts',
  'test/train/refused-creation.test.ts',
  'test/train/rounded-stamps.test.ts',
  'test/train/torch-training.test.ts',
  'test/train/trainer.test.ts',
  'test/train/trial.test.ts',
  'test/train/tutorial.test.ts',
  'test/train/wrong-options.test.ts',
];

/** How a training goes: submits, reports, states, losses of the device. In Chromium by default, where it all comes later. */
const COURSE = [
  'test/train/disposal.test.ts',
  'test/train/divergence.test.ts',
  'test/train/early-stopping.test.ts',
  'test/train/profiler.test.ts',
  'test/train/runners.test.ts',
  'test/train/state.test.ts',
  'test/train/steps.test.ts',
  'test/train/sweep*.test.ts',
];

/** Said at the end of a run. */
const leftOut = full
  ? []
  : [
      `Not in Chromium, because what kernels compute, and what is refused before them, is the same in Node: ${NUMBERS.join(', ')}.`,
      `Not in Node, because a training goes the same way in Chromium: ${COURSE.join(', ')}.`,
      '`npm run test:full` runs them in both, and goes deeper where tests make fewer trials or epochs here.',
    ];

const suite = (test: NonNullable<TestProjectInlineConfiguration['test']>): TestProjectInlineConfiguration => ({
  // One project writes the declarations of all shaders.
  plugins: [wgsl({ root: 'shaders', ...(test.name === 'node' ? {} : { types: false }) })],
  test: {
    provide: { adapter, full },
    // For a machine that is busy with something else as well.
    testTimeout: full ? 600_000 : 120_000,
    hookTimeout: 60_000,
    // What files share is compiled and loaded once; a file leaves nothing behind that another could see.
    isolate: false,
    // SwiftShader uses every core by itself.
    maxWorkers: 2,
    ...test,
  },
});

const browser: TestProjectInlineConfiguration = {
  ...suite({
    name: 'browser',
    include: ['test/**/*.test.ts'],
    // The float64 reference, the tuner's decisions and the trials with made-up clocks have nothing of the browser, and are slow.
    exclude: [
      ...(full ? [] : NUMBERS),
      'test/app/**',
      'test/cli/**',
      'test/firefox/**',
      'test/node/**',
      'test/page/**',
      'test/reference/**',
      'test/schedule/**',
      'test/profile/estimate.test.ts',
      'test/profile/phase-lock.test.ts',
    ],
    setupFiles: ['test/support/validation.ts', 'test/support/device.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
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
  exclude: ['**/node_modules/**', 'test/firefox/**', 'test/page/**', ...(full ? [] : COURSE)],
  include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
  environment: 'node',
  pool: 'forks',
  setupFiles: ['test/support/dawn.ts', 'test/support/validation.ts', 'test/support/device.ts'],
});

const page = suite({
  name: 'page',
  include: ['test/page/**/*.test.ts'],
  environment: 'node',
  pool: 'forks',
  globalSetup: ['test/page/setup.ts'],
});

export default defineConfig({
  test: {
    // With --coverage, as in `npm run test:full`: of what runs in Node and in Chromium; the built page is not counted.
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['html'],
    },
    reporters: ['default', './test/support/coverage-reporter.ts', ['./test/support/totals-reporter.ts', { leftOut }]],
    projects: [browser, node, page],
  },
});
