// The page: `npm start` serves it, `npm run build` makes a folder that any static host can serve.

import { readFile } from 'node:fs/promises';
import { defineConfig, type Plugin } from 'vite';
import wgsl from 'wgsl-loader';
import { offline } from './build/offline.ts';
import { sizeBudget } from './build/size-budget.ts';

export default defineConfig({
  base: './',
  plugins: [wgsl({ root: 'shaders' }), contentSecurityPolicy(), readme(), sizeBudget(160_000), offline()],
  worker: { format: 'es', plugins: () => [wgsl({ root: 'shaders', types: false })] },
  // The benchmark has a page of its own, with packages that are not installed here.
  optimizeDeps: { entries: ['index.html'] },
  server: { host: '127.0.0.1', open: hasDisplay() },
  preview: { host: '127.0.0.1' },
  build: { outDir: 'dist/page', target: 'es2023' },
});

/** Whether a browser window could open here. */
function hasDisplay(): boolean {
  const { platform, env } = process;
  return !env['CI'] && (platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']));
}

/** Lets the built page load from its own origin only. The development server needs inline scripts, so it goes without. */
function contentSecurityPolicy(): Plugin {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:", // Pico's icons
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy.join('; ') },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Puts the README beside the built page, which links to it. */
function readme(): Plugin {
  return {
    name: 'readme',
    apply: 'build',
    async generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'README.md',
        source: await readFile('README.md', 'utf8'),
      });
    },
  };
}
