// The page: `npm start` serves it, `npm run build` makes a folder that any static host can serve.

import { defineConfig } from 'vite';
import wgsl from 'wgsl-loader';

export default defineConfig({
  base: './',
  plugins: [wgsl({ root: 'shaders' })],
  worker: { format: 'es', plugins: () => [wgsl({ root: 'shaders', types: false })] },
  server: { host: '127.0.0.1', open: hasDisplay() },
  preview: { host: '127.0.0.1' },
  build: { outDir: 'dist/page', target: 'es2023' },
});

/** Whether a browser window could open here. */
function hasDisplay(): boolean {
  const { platform, env } = process;
  return !env['CI'] && (platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']));
}
