// The built page in Firefox: another implementation of WebGPU, from the shader compiler to the queue.

import { availableParallelism } from 'node:os';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Firefox, launchFirefox } from './firefox';
import { LOSE_GPU } from './setup';

declare global {
  /** Steps of the state that the page was last given to keep. */
  var keptStep: number;
}

/** A software adapter on a busy machine is slow; what a test waits for may take so long, in ms. */
const PATIENCE = 150_000;

const site = inject('firefoxSite');
const onSoftware = inject('adapter') === 'software';
let firefox: Firefox;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  firefox = await launchFirefox();
  page = await visit(`${site.url}?epochs=1000`);
});

afterAll(async () => {
  await firefox?.close();
});

/** Opens a page; what it complains of ends up among the errors. */
async function visit(url: string): Promise<Page> {
  const opened = await firefox.browser.newPage();
  opened.setDefaultTimeout(PATIENCE);
  opened.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  opened.on('pageerror', (error) => errors.push(String(error)));
  await opened.evaluateOnNewDocument(() => {
    globalThis.keptStep = 0;
    globalThis.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        this.addEventListener('message', ({ data }) => {
          if (data.type === 'kept') globalThis.keptStep = data.state.step;
        });
      }
    };
  });
  await opened.goto(url);
  return opened;
}

/** Presses a button or opens a tab by its name; without the mouse, whose way there takes long while the software adapter trains. */
async function press(on: Page, role: 'button' | 'tab', name: string): Promise<void> {
  const found = await on.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`);
  await found?.evaluate((element) => element instanceof HTMLElement && element.click());
}

/** The texts of all elements that a selector finds. */
const texts = (on: Page, selector: string): Promise<string[]> =>
  on.$$eval(selector, (found) => found.map((each) => (each instanceof HTMLElement ? each.innerText : '')));

const text = async (on: Page, selector: string): Promise<string> => (await texts(on, selector)).join('\n');

/** Waits until the text of what a selector finds matches. */
const untilText = (on: Page, selector: string, wanted: RegExp): Promise<void> =>
  expect.poll(() => text(on, selector), { timeout: PATIENCE }).toMatch(wanted);

const untilStage = (on: Page, stage: 'paused' | 'finished'): Promise<void> =>
  untilText(on, '[data-testid="stage"]', new RegExp(`^${stage}$`));

/** Split, images, loss and accuracy, row by row. */
const results = async (on: Page): Promise<string[][]> =>
  (await texts(on, '.results tbody tr')).map((row) => row.split(/\s+/));

/** The epoch that the results are of. */
const evaluatedEpoch = async (on: Page): Promise<number> =>
  Number((await text(on, '.results .section-head p')).replace(/\D/g, ''));

test('the tutorial comes to the losses and accuracies that it has in Chromium', async () => {
  await untilStage(page, 'finished');
  // What `npm run train` prints on SwiftShader.
  expect(await results(page)).toEqual([
    ['training', '721', '1.6385', '100.00%'],
    ['validation', '482', '1.7472', '96.06%'],
    ['test', '594', '1.7050', '96.30%'],
  ]);
});

test('the gradients of all tensors agree with differences of the loss', async () => {
  await press(page, 'tab', 'Checks');
  await press(page, 'button', 'Check the gradients');
  await untilText(page, '.gradient-check', /All 6 tensors agree/);
});

test('every operation of a step has a mean with an interval', async () => {
  await press(page, 'tab', 'Shader timings');
  const means = () => texts(page, '.operation-table tbody tr:not(.phase) td:nth-child(2)');
  await expect.poll(async () => (await means()).length, { timeout: PATIENCE }).toBe(7);
  for (const mean of await means()) expect(mean).toMatch(/^([\d.]+ (µs|ms) ± [\d.]+ (µs|ms)|< [\d.]+ (µs|ms))$/);
});

test.runIf(onSoftware)('the measured ceilings are those of a processor', async () => {
  const listed = () => texts(page, '.ceilings dd');
  await expect.poll(async () => (await listed()).length, { timeout: PATIENCE }).toBe(5);
  const [flops, memory, cache, launch] = (await listed()).map(quantity);
  // A core finishes at most two fused multiply-adds of 16 lanes a cycle, and reads two cache lines of 64 bytes, at 6 GHz at most.
  const cycles = 6e9 * availableParallelism();
  expect(flops).toBeLessThan(64 * cycles);
  expect(cache).toBeLessThan(128 * cycles);
  expect(memory).toBeLessThan(128 * cycles);
  expect(Math.min(flops!, memory!, cache!)).toBeGreaterThan(1e6);
  // A dispatch that waits for another takes some hundred cycles at least.
  expect(launch).toBeGreaterThan(100 / 6e9);
  const shares = await texts(page, '.operation-table tbody tr:not(.phase) td:nth-child(4)');
  for (const share of shares) expect(share).toMatch(/^\d+% of (compute|memory|cache|launch)$/);
});

test('a sweep fills its map and names the best', async () => {
  await press(page, 'tab', 'Sweep');
  const fields = { l2: '0.1,1e6', layers: '8|none', lr: '0.1', seeds: '0,1', epochs: '40' };
  for (const [key, value] of Object.entries(fields)) await page.locator(`#sweep-${key}`).fill(value);
  await untilText(page, '.sweep', /8 networks, 40 epochs each/);
  await press(page, 'button', 'Start the sweep');
  await untilText(page, '.sweep', /The sweep is done\./);
  expect(await text(page, '[data-testid="winner"]')).toMatch(/^\d+\.\d\d%$/);
  const cells = await page.$$eval('.sweep [role="grid"] button', (all) => all.map((cell) => cell.ariaLabel ?? ''));
  const valid = cells.filter((cell) => /^λ 0\.1, .*: validation [\d.]+% ± [\d.]+, test [\d.]+%$/.test(cell));
  expect(valid).toHaveLength(2);
  expect(cells.filter((cell) => /^λ 1000000, .*: diverged with every seed$/.test(cell))).toHaveLength(2);
});

test('a lost GPU is opened again, and the run goes on to the numbers of one that never lost it', async () => {
  const frail = await visit(`${site.frail}?layers=8&epochs=100000`);
  const pause = async () => {
    await press(frail, 'button', 'Pause');
    await untilStage(frail, 'paused');
  };
  await pause();
  const [epoch, before] = [await evaluatedEpoch(frail), await results(frail)];
  await expect.poll(() => frail.evaluate(() => globalThis.keptStep), { timeout: PATIENCE }).toBeGreaterThan(0);
  await frail.evaluate(`new BroadcastChannel('${LOSE_GPU}').postMessage('now')`);
  await untilText(frail, '.notice', /The GPU was lost at .*Training went on on a new device/);
  await untilStage(frail, 'paused');
  expect(await results(frail)).toEqual(before);
  await press(frail, 'button', 'Play');
  await expect.poll(() => evaluatedEpoch(frail), { timeout: PATIENCE }).toBeGreaterThan(epoch + 20);
  await pause();
  const [end, after] = [await evaluatedEpoch(frail), await results(frail)];
  await frail.close();

  const undisturbed = await visit(`${site.url}?layers=8&epochs=${end}`);
  await untilStage(undisturbed, 'finished');
  expect(await results(undisturbed)).toEqual(after);
});

test('Firefox finds nothing to complain of', () => {
  expect(errors).toEqual([]);
});

/** The number of a text such as `22.4 GFLOP/s in chains`, in FLOP/s, B/s or seconds. */
function quantity(words: string): number {
  const [, number, unit] = /^([\d.]+) (\S+)/.exec(words) ?? [];
  const prefix = unit?.replace(/(FLOP\/s|B\/s|s)$/, '') ?? '';
  return Number(number) * { µ: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 }[prefix]!;
}
