// What the page's tests in Firefox share: the page, built once, and served as it is and with a GPU that can be lost.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { TestProject } from 'vitest/node';
import { buildPage } from '../support/built-page';

declare module 'vitest' {
  interface ProvidedContext {
    firefoxSite: FirefoxSite;
  }
}

/** Addresses of the built page. */
export interface FirefoxSite {
  readonly url: string;
  /** The same, whose devices are destroyed when anybody posts to this channel. */
  readonly frail: string;
}

/** The name of the `BroadcastChannel` at whose first message a frail page loses its GPU. */
export const LOSE_GPU = 'lose the GPU';

/** Goes before the worker's own code: Firefox has no way to lose a GPU, and runs no script of a test in a worker. */
const FRAIL = `{
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...options) {
    const device = await requestDevice.apply(this, options);
    new BroadcastChannel('${LOSE_GPU}').onmessage = () => device.destroy();
    return device;
  };
}
`;

/** Builds as `npm run build` does and serves; what it returns takes all of it down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = await buildPage();
  const url = await built.serve();
  const frail = await built.serve({ plugins: [prependToWorkers(built.folder, FRAIL)] });
  project.provide('firefoxSite', { url, frail });
  return () => built.remove();
}

/** Puts code before that of the page's workers. */
function prependToWorkers(folder: string, code: string): Plugin {
  return {
    name: 'prepend-to-workers',
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const file = /\/(assets\/worker-[\w-]+\.js)$/.exec(request.url ?? '')?.[1];
        if (file === undefined) return next();
        readFile(join(folder, file), 'utf8').then((own) => {
          response.setHeader('Content-Type', 'text/javascript');
          response.end(code + own);
        }, next);
      });
    },
  };
}
