// What the page shows when it cannot train.

import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { chromiumFlags } from '../support/chromium-flags';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  INSECURE_HOST,
  launch,
  prependToWorker,
  serveSite,
  type Site,
  untilEpoch,
  visit,
} from './site';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  const flags = [...chromiumFlags(inject('adapter')), `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`];
  [site, browser] = await Promise.all([serveSite(), launch(flags)]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Expects the notice with this title and code. */
async function expectNotice(page: Page, title: string, code: string): Promise<void> {
  const notice = page.getByRole('alert', { name: title });
  await notice.waitFor();
  expect(await notice.locator('.detail code').innerText()).toBe(code);
}

async function expectWellMade(page: Page): Promise<void> {
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
}

test('a browser without WebGPU', async () => {
  const { page, context } = await visit(browser, site.url, (blank) =>
    prependToWorker(blank, 'delete WorkerNavigator.prototype.gpu'),
  );
  await expectNotice(page, 'This browser has no WebGPU', 'no-webgpu');
  await expectWellMade(page);
  await context.close();
});

test('an address that is not secure, where browsers hide WebGPU', async () => {
  const { page, context } = await visit(browser, site.url.replace('127.0.0.1', INSECURE_HOST));
  await expectNotice(page, 'WebGPU is off on this address', 'no-webgpu');
  await context.close();
});

test('WebGPU without an adapter', async () => {
  const bare = await launch(['--no-sandbox', '--disable-gpu', '--disable-software-rasterizer']);
  try {
    const { page } = await visit(bare, site.url);
    await expectNotice(page, 'WebGPU found no GPU here', 'no-adapter');
    await expectWellMade(page);
  } finally {
    await bare.close();
  }
});

test('digits that do not load; once they do, training begins', async () => {
  const digits = '**/digits.npy';
  const { page, context } = await visit(browser, site.url, (blank) =>
    blank.route(digits, (route) => route.fulfill({ status: 404 })),
  );
  await expectNotice(page, 'The digits did not load', 'io');
  await expectWellMade(page);
  await page.unroute(digits);
  await page.getByRole('button', { name: 'Try again' }).click();
  await untilEpoch(page, 1);
  expect(await page.getByRole('alert').count()).toBe(0);
  await context.close();
});

test('digits that are something else', async () => {
  const { page, context } = await visit(browser, site.url, (blank) =>
    blank.route('**/digits.npy', (route) => route.fulfill({ body: '<!doctype html>' })),
  );
  await expectNotice(page, 'The digits did not load', 'data');
  await context.close();
});

test('a worker that does not load', async () => {
  const { page, context } = await visit(browser, site.url, (blank) =>
    blank.route('**/worker-*.js', (route) => route.abort()),
  );
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').innerText()).toContain('reload the page');
  await context.close();
});

test('an error that nobody foresaw', async () => {
  const { page, context } = await visit(browser, site.url, (blank) =>
    prependToWorker(blank, "GPU.prototype.requestAdapter = () => { throw new Error('the cat sat on it') }"),
  );
  await expectNotice(page, 'Training stopped', 'internal');
  expect(await page.getByRole('alert').innerText()).toContain('The cat sat on it.');
  await context.close();
});

test('a lost device: the curves stay, and training starts again', async () => {
  const { page, context } = await visit(browser, site.url);
  await untilEpoch(page, 12);
  const cdp = await browser.newBrowserCDPSession();
  await cdp.send('Browser.crashGpuProcess');
  await expectNotice(page, 'The GPU was lost', 'device-lost');
  await expectWellMade(page);
  expect(await page.getByRole('img', { name: /^Loss from epoch 0 to [1-9]/ }).count()).toBe(1);
  await page.getByRole('button', { name: 'Start again' }).click();
  await untilEpoch(page, 1);
  expect(await page.getByRole('alert').count()).toBe(0);
  await context.close();
});
