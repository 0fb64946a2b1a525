// The declarations of what the package exports, one file for each entry: bundled, they hold for every way of resolving modules.

import { dts } from 'rollup-plugin-dts';

export default {
  input: { index: 'src/index.ts', node: 'src/node/index.ts' },
  output: { dir: 'dist/lib', entryFileNames: '[name].d.ts', chunkFileNames: 'assets/[name].d.ts' },
  plugins: [dts()],
};
