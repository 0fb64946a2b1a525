// The built page for tests, opened in Chromium as a person would.

import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { expect, inject } from 'vitest';
import { findChromium } from '../../src/node/chromium';

/** Where the built page and the browser that looks at it are. */
export interface Site {
  readonly url: string;
  /** Where a running Chromium listens. */
  readonly browser: string;
}

/** The browser that all files share; to be closed, which only takes leave of it. */
export function sharedBrowser(): Promise<Browser> {
  return chromium.connect(inject('site').browser);
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

/**
 * Code for `prependToWorker`: once an epoch was told of, training waits until it is asked to pause.
 *
 * So a run cannot end before its pause, however fast the adapter and slow the click.
 */
export const WAITS_FOR_PAUSE = `
  const [{ mapAsync }, { postMessage: post }] = [GPUBuffer.prototype, self];
  let told = false;
  let goOn;
  const asked = new Promise((done) => (goOn = done));
  // What goes on from a state after the device was lost, in a worker of its own, has paused before.
  self.addEventListener('message', ({ data }) => (data.type === 'pause' || data.from) && goOn());
  self.postMessage = (message, ...rest) => {
    told ||= message.type === 'progress' && message.points.some(({ epoch }) => epoch > 0);
    post(message, ...rest);
  };
  GPUBuffer.prototype.mapAsync = async function (...all) {
    if (told) await asked;
    return mapAsync.apply(this, all);
  }`;

/** Puts code before the worker's own, where no init script reaches. */
export async function prependToWorker(page: Page, code: string): Promise<void> {
  await page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code};\n${await response.text()}` });
  });
}

/** Opens a panel by its tab. */
export async function openPanel(page: Page, title: string): Promise<void> {
  await page.getByRole('tab', { name: title }).click();
}

/** Waits until the page shows an epoch of at least this. */
export async function untilEpoch(page: Page, epoch: number): Promise<void> {
  await expect.poll(() => shownEpoch(page), { timeout: 50_000 }).toBeGreaterThanOrEqual(epoch);
}

/** Waits until the run stands there. */
export async function untilStage(page: Page, stage: 'paused' | 'finished'): Promise<void> {
  await expect.poll(() => page.getByTestId('stage').innerText(), { timeout: 50_000 }).toBe(stage);
}

/** Trains a finished run's settings anew, on the device that is open, and waits for the end. */
export async function restartToEnd(page: Page): Promise<void> {
  const stage = page.getByTestId('stage');
  expect(await stage.innerText()).toBe('finished');
  // The new run may be over before anybody looks.
  await stage.evaluate((element) => {
    const observer = new MutationObserver(() => {
      element.dataset['left'] = 'finished';
      observer.disconnect();
    });
    observer.observe(element, { childList: true, characterData: true, subtree: true });
  });
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await page.locator('[data-testid="stage"][data-left="finished"]').waitFor();
  await untilStage(page, 'finished');
}

/** The epoch that the page shows. */
export async function shownEpoch(page: Page): Promise<number> {
  return Number((await page.getByTestId('epoch').innerText()).replace(',', ''));
}

/** The step of the epoch under way that the page shows; 0 at the end of one. */
export async function shownStep(page: Page): Promise<number> {
  // At once, without waiting: the step that was there a moment ago may be the epoch's last.
  const [step = '0'] = await page.getByTestId('step').allInnerTexts();
  return Number(step);
}

/** What the table of results tells of the training split. */
export function results(page: Page): Promise<string> {
  return page
    .getByRole('row', { name: /^training/ })
    .first()
    .innerText();
}

const BOTH_SCHEMES = ['light', 'dark'] as const;

/**
 * Expects that axe finds nothing, in light and in dark unless told; in the whole page, or only within an element.
 *
 * In the first scheme axe tries all its rules; in the second those of contrast, since colours are all that differs.
 */
export async function expectAccessible(
  page: Page,
  schemes: readonly ('light' | 'dark')[] = BOTH_SCHEMES,
  within = 'html',
): Promise<void> {
  for (const [i, colorScheme] of schemes.entries()) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The page has no frames, which only the newer mode reaches, in a blank page that it opens each time.
    const axe = new AxeBuilder({ page })
      .setLegacyMode()
      .options({ resultTypes: ['violations'] })
      .include(within);
    const { violations } = await (i === 0 ? axe : axe.withRules(['color-contrast'])).analyze();
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
