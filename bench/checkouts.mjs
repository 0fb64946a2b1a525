// Checkouts of this project side by side in one process: the sources of each, on a device of its own.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createServer } from 'vite';

/**
 * Opens checkouts by their folders, which need their node_modules.
 *
 * `dispose` of each ends its device and its server.
 */
export async function openCheckouts(folders) {
  process.env.UNDERGLASS_ADAPTER ??= process.platform === 'linux' ? 'software' : 'gpu';
  const opened = [];
  for (const folder of folders) {
    opened.push(await openCheckout(resolve(folder)));
  }
  return opened;
}

async function openCheckout(folder) {
  const server = await createServer({
    root: folder,
    configFile: `${folder}/vite.lib.config.ts`,
    server: { middlewareMode: true, hmr: false, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  const load = (...files) => server.ssrLoadModule(`/${files.find((file) => existsSync(`${folder}/${file}`))}`);
  const { openAdapter } = await load('src/node/adapter.ts', 'src/cli/adapter.ts');
  const { loadData } = await load('src/node/data.ts', 'src/cli/data.ts');
  const library = await load('src/index.ts');
  const { Group } = await load('src/train/group.ts');
  const { device } = await openAdapter();
  const splits = library.tutorialSplit(await loadData('digits'));
  const dispose = async () => {
    device.dispose();
    await server.close();
  };
  return { folder, device, library, Group, splits, dispose };
}
