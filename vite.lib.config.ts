// The library and the command line, built for Node 20 and for bundlers, shaders linked in.

import { defineConfig } from 'vite';
import wgsl from 'wgsl-loader';

export default defineConfig({
  plugins: [wgsl({ root: 'shaders' })],
  publicDir: false,
  ssr: { noExternal: [] },
  build: {
    ssr: true,
    outDir: 'dist/lib',
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: { index: 'src/index.ts', node: 'src/node/index.ts', cli: 'src/cli/main.ts' },
      // On a busy machine it would tell how long the plug-in took.
      checks: { pluginTimings: false },
    },
  },
});
