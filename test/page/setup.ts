// What the page's tests share: the page, built once and served under a sub-path, and one Chromium.

import { chromium } from 'playwright';
import type { TestProject } from 'vitest/node';
import { findChromium } from '../../src/node/chromium';
import { adapterChoice } from '../../src/node/dawn';
import { buildPage } from '../support/built-page';
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

/** Builds as `npm run build` does, serves, and launches; what it returns takes all of it down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = await buildPage();
  const url = await built.serve({ hosts: [INSECURE_HOST] });
  const found = await findChromium();
  if (!found) throw new Error('The tests need a browser; install Chrome or Chromium (not as a snap).');
  const browser = await chromium.launchServer({
    executablePath: found.executable,
    args: [...chromiumFlags(adapterChoice()), `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`],
    env: { ...process.env, ...found.env },
    host: '127.0.0.1',
  });
  project.provide('insecureHost', INSECURE_HOST);
  project.provide('site', { url, browser: browser.wsEndpoint() });
  return async () => {
    await browser.close();
    await built.remove();
  };
}
