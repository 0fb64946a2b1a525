// What the page's tests share: the page, built once and served under a sub-path, and one Chromium.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright';
import { preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { findChromium } from '../../src/cli/chromium';
import { adapterChoice } from '../../src/cli/dawn';
import { chromiumFlags } from '../support/chromium-flags';
import type { Site } from './site';

declare module 'vitest' {
  interface ProvidedContext {
    site: Site;
    /** A host name that leads here but is not this machine to the browser, so that the page is no secure context. */
    insecureHost: string;
  }
}

const INSECURE_HOST = 'underglass.test';

/** Any static host must do, from any folder. */
const BASE = '/some/folder/';

/** Builds as `npm run build` does, serves, and launches; what it returns takes all of it down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'underglass-page-'));
  const vite = ['node_modules/vite/bin/vite.js', 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  // The tests' own environment would make another page.
  await promisify(execFile)(process.execPath, vite, { env: { ...process.env, NODE_ENV: 'production' } });
  const server = await preview({
    configFile: false,
    base: BASE,
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0, open: false, allowedHosts: [INSECURE_HOST] },
    logLevel: 'silent',
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  const found = await findChromium();
  if (!found) throw new Error('The tests need a browser; install Chrome or Chromium (not as a snap).');
  const browser = await chromium.launchServer({
    executablePath: found.executable,
    args: [...chromiumFlags(adapterChoice()), `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`],
    env: { ...process.env, ...found.env },
    host: '127.0.0.1',
  });
  project.provide('insecureHost', INSECURE_HOST);
  project.provide('site', { url: `http://127.0.0.1:${address.port}${BASE}`, browser: browser.wsEndpoint() });
  return async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true });
  };
}
