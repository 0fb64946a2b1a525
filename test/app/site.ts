// The built page for tests: built once a file, served under a sub-path, and opened in Chromium.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { build, preview } from 'vite';
import { expect } from 'vitest';
import { findChromium } from '../../src/cli/chromium';

/** Any static host must do, from any folder. */
const BASE = '/some/folder/';

/** A host name that leads here but is not this machine to the browser, so that the page is no secure context. */
export const INSECURE_HOST = 'underglass.test';

/** The served page. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the page as `npm run build` does, and serves it. */
export async function serveSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'underglass-page-'));
  // The tests' own environment would make another page.
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ build: { outDir: folder, emptyOutDir: true }, logLevel: 'error' });
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  } finally {
    process.env['NODE_ENV'] = environment;
  }
  const server = await preview({
    configFile: false,
    base: BASE,
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0, open: false, allowedHosts: [INSECURE_HOST] },
    logLevel: 'silent',
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  return {
    url: `http://127.0.0.1:${address.port}${BASE}`,
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Chromium with these flags. */
export async function launch(args: string[]): Promise<Browser> {
  const found = await findChromium();
  if (!found) throw new Error('The tests need a browser; install Chrome or Chromium (not as a snap).');
  return chromium.launch({ executablePath: found.executable, args, env: { ...process.env, ...found.env } });
}

/** A page, with all that it complained of and asked for. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console, Content Security Policy included, and uncaught ones. */
  readonly errors: string[];
  readonly requests: string[];
  /** Requests to anywhere but the page's own origin; none of them gets an answer. */
  readonly foreign: string[];
}

/** What a visit may differ in. */
export interface VisitOptions extends BrowserContextOptions {
  /** Runs before anything loads. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** Opens a new page. Service workers are off unless asked for: what they answer, no test can change. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { prepare, ...contextOptions } = options;
  const context = await browser.newContext({ serviceWorkers: 'block', ...contextOptions });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  const foreign: string[] = [];
  const { origin } = new URL(url);
  if (contextOptions.serviceWorkers !== 'allow') {
    await context.route(
      (address) => address.origin !== origin && /^(http|ws)/.test(address.protocol),
      (route) => {
        foreign.push(route.request().url());
        return route.abort();
      },
    );
  }
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  context.on('request', (request) => requests.push(request.url()));
  await prepare?.(page);
  await page.goto(url);
  return { page, context, errors, requests, foreign };
}

/** Puts code before the worker's own, where no init script reaches. */
export async function prependToWorker(page: Page, code: string): Promise<void> {
  await page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code};\n${await response.text()}` });
  });
}

/** Waits until the page shows an epoch of at least this. */
export async function untilEpoch(page: Page, epoch: number): Promise<void> {
  await expect.poll(() => shownEpoch(page), { timeout: 30_000 }).toBeGreaterThanOrEqual(epoch);
}

/** Waits until the run stands there. */
export async function untilStage(page: Page, stage: 'paused' | 'finished'): Promise<void> {
  await expect.poll(() => page.getByTestId('stage').innerText(), { timeout: 30_000 }).toBe(stage);
}

/** The epoch that the page shows. */
export async function shownEpoch(page: Page): Promise<number> {
  return Number((await page.getByTestId('epoch').innerText()).replace(',', ''));
}

const BOTH_SCHEMES = ['light', 'dark'] as const;

/** Expects that axe finds nothing, in light and in dark unless told. */
export async function expectAccessible(
  page: Page,
  schemes: readonly ('light' | 'dark')[] = BOTH_SCHEMES,
): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(found).toEqual([]);
  }
}

/** Expects that nothing is wider than the window, from the narrowest to the widest. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  for (const width of [360, 720, 1280, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `at ${width} px`).toBeLessThanOrEqual(
      width,
    );
  }
}
