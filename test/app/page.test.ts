// The page in Chromium, as a person uses it.

import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chromiumFlags } from '../support/chromium-flags';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  launch,
  prependToWorker,
  serveSite,
  shownEpoch,
  type Site,
  untilEpoch,
  type Visit,
  visit,
} from './site';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([serveSite(), launch(chromiumFlags(inject('adapter')))]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe('a visit', () => {
  let the: Visit;

  beforeAll(async () => {
    the = await visit(browser, site.url);
  });

  test('trains on its own, until the network reads most digits', async () => {
    await untilEpoch(the.page, 80);
    const accuracy = await the.page.getByTestId('accuracy-train').innerText();
    expect(Number.parseFloat(accuracy)).toBeGreaterThan(85);
  });

  test('names the adapter, and says so if it is no GPU', async () => {
    const badge = the.page.getByText('software adapter – no GPU used');
    expect(await badge.count()).toBe(inject('adapter') === 'software' ? 1 : 0);
    if (inject('adapter') === 'software') expect(await the.page.getByText('swiftshader').count()).toBe(1);
  });

  test('draws curves of loss and accuracy, and tells them in words', async () => {
    for (const measure of ['Loss', 'Accuracy']) {
      const chart = the.page.getByRole('img', { name: new RegExp(`^${measure} from epoch 0 to \\d+: training`) });
      const colours = await chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
      expect(colours).toBeGreaterThan(10);
    }
    await the.page.getByText('The curves as a table').click();
    const table = the.page.getByRole('region', { name: 'Loss and accuracy by epoch' });
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThanOrEqual(3);
  });

  test('lists what each kernel takes, and the shares add up to the step', async () => {
    const timings = the.page.getByRole('region', { name: 'Shader times' });
    await expect.poll(() => timings.locator('tbody tr').count(), { timeout: 10_000 }).toBeGreaterThan(5);
    const shares = await timings.locator('tbody tr:not(.phase) .share').allInnerTexts();
    const sum = shares.reduce((total, text) => total + Number.parseFloat(text), 0);
    // Each share is rounded to 0.1 points.
    expect(Math.abs(sum - 100)).toBeLessThan(0.05 * shares.length + 0.01);
  });

  test('rests while paused and goes on from there', async () => {
    await the.page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => the.page.getByTestId('stage').innerText()).toBe('paused');
    const resting = await shownEpoch(the.page);
    await the.page.waitForTimeout(500);
    expect(await shownEpoch(the.page)).toBe(resting);
    await the.page.getByRole('button', { name: 'Play' }).click();
    await untilEpoch(the.page, resting + 5);
    await the.page.getByRole('img', { name: /^Loss from epoch 0 / }).waitFor();
  });

  test('is operable by keyboard', async () => {
    await the.page.getByRole('button', { name: 'Pause' }).focus();
    await the.page.keyboard.press('Enter');
    await expect.poll(() => the.page.getByTestId('stage').innerText()).toBe('paused');
    await the.page.keyboard.press('Tab');
    await expect.poll(() => the.page.evaluate(() => document.activeElement?.textContent)).toBe('Restart');
  });

  test('restarts from other weights with another seed, and from the same with the same', async () => {
    const chart = the.page.getByRole('img', { name: /^Loss/ });
    const first = async (seed: string) => {
      await the.page.getByLabel('with seed').fill(seed);
      await the.page.getByRole('button', { name: 'Restart' }).click();
      await expect.poll(() => chart.getAttribute('aria-label'), { timeout: 20_000 }).toMatch(/from epoch 0 to [1-9]/);
      return /training [\d.]+/.exec((await chart.getAttribute('aria-label')) ?? '')?.[0];
    };
    const zero = await first('0');
    expect(await first('7')).not.toBe(zero);
    expect(await first('0')).toBe(zero);
  });

  test('has nothing for axe to complain of, light or dark', async () => {
    await expectAccessible(the.page);
  });

  test('never scrolls sideways', async () => {
    await expectNoSidewaysScroll(the.page);
  });

  test('asks nobody but its own host, and logs no error', async () => {
    const { origin } = new URL(site.url);
    expect(the.requests.length).toBeGreaterThan(3);
    expect(the.requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
    expect(the.errors).toEqual([]);
    await the.context.close();
  });
});

test('says at the end what the result means, and plays again', async () => {
  const { page, context } = await visit(browser, site.url, (blank) =>
    blank.addInitScript({
      // The whole run would take too long.
      content: `const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (message) {
          postMessage.call(this, 'epochs' in message ? { ...message, epochs: 12 } : message);
        };`,
    }),
  );
  await page.getByText(/Of 594 digits that it never learnt from, the network reads \d+ rightly/).waitFor();
  expect(await page.getByTestId('stage').innerText()).toBe('finished');
  expect(await page.getByRole('status').last().innerText()).toMatch(/^Finished\. Test accuracy \d/);
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByText('Result so far').waitFor();
  await page.getByRole('heading', { name: 'Result', exact: true }).waitFor();
  await context.close();
});

test('says what to do where the adapter has no timestamps, and trains all the same', async () => {
  const { page, context } = await visit(browser, site.url, (blank) =>
    prependToWorker(
      blank,
      `const { get } = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'features');
       Object.defineProperty(GPUAdapter.prototype, 'features', {
         get() { return new Set([...get.call(this)].filter((name) => name !== 'timestamp-query')); },
       })`,
    ),
  );
  await untilEpoch(page, 3);
  await page.getByText('This adapter offers no timestamps').waitFor();
  await context.close();
});
