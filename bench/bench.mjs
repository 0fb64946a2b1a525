// `npm run bench`: loads the benchmark's TypeScript, and runs it.

import { runnerImport } from 'vite';
import wgsl from 'wgsl-loader';

const { module } = await runnerImport('./bench/run.ts', {
  configFile: false,
  logLevel: 'error',
  plugins: [wgsl({ root: 'shaders', types: false })],
});
process.exitCode = await module.main(process.argv);
