// The page, built as `npm run build` does and served as any static host would.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Plugin, type PreviewServer, preview } from 'vite';

/** Any static host must do, from any folder. */
const BASE = '/some/folder/';

/** A built page on disk. */
export interface BuiltPage {
  readonly folder: string;
  /** Serves it on a free port of this machine, and gives its address. */
  serve(options?: ServeOptions): Promise<string>;
  /** Stops serving it and deletes it. */
  remove(): Promise<void>;
}

/** How to serve. */
export interface ServeOptions {
  /** Host names that are answered besides 127.0.0.1. */
  readonly hosts?: string[];
  /** Plug-ins of the server, which may answer in its place. */
  readonly plugins?: Plugin[];
}

/** Builds the page into a folder of its own. */
export async function buildPage(): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), 'underglass-page-'));
  const vite = ['node_modules/vite/bin/vite.js', 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  // The tests' own environment would make another page.
  await promisify(execFile)(process.execPath, vite, { env: { ...process.env, NODE_ENV: 'production' } });
  const servers: PreviewServer[] = [];
  return {
    folder,
    async serve({ hosts = [], plugins = [] } = {}) {
      const server = await preview({
        configFile: false,
        base: BASE,
        build: { outDir: folder },
        preview: { host: '127.0.0.1', port: 0, open: false, allowedHosts: hosts },
        logLevel: 'silent',
        plugins,
      });
      servers.push(server);
      const address = server.httpServer.address();
      if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
      return `http://127.0.0.1:${address.port}${BASE}`;
    },
    async remove() {
      await Promise.all(servers.map((server) => server.close()));
      await rm(folder, { recursive: true });
    },
  };
}
