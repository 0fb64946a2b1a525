// The tests in Firefox, a second implementation of WebGPU: `npm run test:firefox`. The project `firefox` runs the kernels' tests
// in it, `firefox-page` drives the built page.
//
// They use lavapipe, Mesa's software adapter; `UNDERGLASS_ADAPTER=gpu npm run test:firefox` uses the GPU of this machine.

import { runnerImport } from 'vite';
import { defineConfig } from 'vitest/config';
import wgsl from 'wgsl-loader';

// Vite's own loader of configurations wants file extensions in imports, which the sources do without.
const { module: provider } = await runnerImport<typeof import('./test/firefox/provider')>('./test/firefox/provider');
const { module: dawn } = await runnerImport<typeof import('./src/node/dawn')>('./src/node/dawn');

process.env.UNDERGLASS_ADAPTER ||= process.platform === 'linux' ? 'software' : 'gpu';

const plugins = [wgsl({ root: 'shaders' })];
const shared = { provide: { adapter: dawn.adapterChoice(), full: true } };

export default defineConfig({
  test: {
    reporters: ['default', './test/support/totals-reporter.ts'],
    projects: [
      {
        plugins,
        test: {
          ...shared,
          name: 'firefox',
          include: ['test/kernels/kernels.test.ts', 'test/kernels/variants.test.ts'],
          setupFiles: ['test/support/validation.ts'],
          testTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            ui: false,
            screenshotFailures: false,
            fileParallelism: false,
            provider: provider.firefox(),
            instances: [{ browser: 'firefox' }],
          },
        },
      },
      {
        plugins,
        test: {
          ...shared,
          name: 'firefox-page',
          include: ['test/firefox/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          globalSetup: ['test/firefox/setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          // Training and compiling take both processors.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
