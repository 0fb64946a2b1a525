// The peers' packages, the built page, and the Chromium that opens it.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright';
import { build, preview } from 'vite';
import wgsl from 'wgsl-loader';
import { UnderglassError } from '../src/base/errors';
import { findChromium } from '../src/node/chromium';
import { adapterChoice } from '../src/node/dawn';
import { chromiumFlags } from '../test/support/chromium-flags';

/** Installs what bench/package-lock.json lists, unless it is there. */
export async function installPeers(progress: (text: string) => void): Promise<void> {
  if (await isInstalled()) return;
  progress('installing the peers into bench/node_modules');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  try {
    await promisify(execFile)(npm, ['ci', '--prefix', 'bench', '--no-audit', '--no-fund'], {
      shell: process.platform === 'win32',
    });
  } catch (cause) {
    throw new UnderglassError('usage', 'npm ci --prefix bench fails; run it by hand to see why.', { cause });
  }
}

/** Whether every package is there in the version asked for. */
async function isInstalled(): Promise<boolean> {
  const { dependencies } = await readJson<{ dependencies: Record<string, string> }>('bench/package.json');
  const found = Object.entries(dependencies).map(async ([name, version]) => {
    const manifest = await readJson<{ version: string }>(`bench/node_modules/${name}/package.json`).catch(
      () => undefined,
    );
    return manifest?.version === version;
  });
  return (await Promise.all(found)).every(Boolean);
}

async function readJson<T>(file: string): Promise<T> {
  const content: T = JSON.parse(await readFile(file, 'utf8'));
  return content;
}

/** The served page. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the page, so that a cold start loads what a user's would, and serves it. */
export async function serve(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'underglass-bench-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      base: './',
      publicDir: false,
      plugins: [wgsl({ root: 'shaders', types: false })],
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: 'es2023',
        // TensorFlow.js starts the threads of its WebAssembly from the text of a function, which a minifier breaks.
        minify: false,
        chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
        rollupOptions: { input: 'bench/page/index.html' },
      },
    });
    const server = await preview({
      configFile: false,
      logLevel: 'silent',
      build: { outDir: folder },
      preview: {
        host: '127.0.0.1',
        port: 0,
        open: false,
        // Threads in WebAssembly need cross-origin isolation: both peers' documentation asks for it.
        headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
      },
    });
    const address = server.httpServer.address();
    if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
    return {
      url: `http://127.0.0.1:${address.port}/bench/page/index.html`,
      close: async () => {
        await server.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The one Chromium of a run, on the adapter that UNDERGLASS_ADAPTER names: `gpu`, or SwiftShader with `software`. */
export async function launch(): Promise<Browser> {
  const found = await findChromium();
  if (!found) {
    throw new UnderglassError('usage', 'The benchmark needs a browser; install Chrome or Chromium (not as a snap).');
  }
  process.env.UNDERGLASS_ADAPTER ||= process.platform === 'linux' ? 'software' : 'gpu';
  return chromium.launch({
    executablePath: found.executable,
    args: chromiumFlags(adapterChoice()),
    env: { ...process.env, ...found.env },
  });
}
