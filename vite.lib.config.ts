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
    rollupOptions: { input: { index: 'src/index.ts', cli: 'src/cli/main.ts' } },
  },
});
