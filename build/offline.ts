// A Vite plug-in: builds the service worker and tells it the files of the build.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';

const SOURCE = 'src/app/offline/service-worker.ts';
const OUTPUT = 'service-worker.js';

/** Every file of the built page can be had without a network. The service worker is made last, since it names the others. */
export function offline(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'offline',
    apply: 'build',
    // The page itself comes late into the bundle.
    enforce: 'post',
    configResolved(resolved) {
      config = resolved;
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const hash = createHash('sha256');
        const files: string[] = [];
        const add = (name: string, content: string | Uint8Array) => {
          files.push(name);
          hash.update(name).update('\0').update(content);
        };
        for (const output of Object.values(bundle)) {
          add(output.fileName, output.type === 'chunk' ? output.code : output.source);
        }
        for (const file of await filesOf(config.publicDir)) {
          add(file, await readFile(join(config.publicDir, file)));
        }
        const code = await serviceWorker();
        const version = hash.update(code).digest('hex').slice(0, 16);
        const head = `const OFFLINE_FILES = ${JSON.stringify(files.toSorted())}, OFFLINE_VERSION = '${version}';\n`;
        this.emitFile({ type: 'asset', fileName: OUTPUT, source: head + code });
      },
    },
  };
}

/** The service worker's script: a classic one, which every browser takes. */
async function serviceWorker(): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: SOURCE, formats: ['iife'], name: 'serviceWorker' },
    },
  });
  const [output] = [built].flat();
  if (!output || !('output' in output)) throw new Error(`${SOURCE} was not built`);
  return output.output[0].code;
}

/** Paths of all files in a folder, with forward slashes. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
