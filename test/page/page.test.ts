// The page in Chromium, as a person uses it: training, curves, exports, themes, tabs, no network.

import { buffer } from 'node:stream/consumers';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  openPanel,
  prependToWorker,
  restartToEnd,
  results,
  sharedBrowser,
  shownEpoch,
  shownStep,
  untilEpoch,
  untilStage,
  type Visit,
  visit,
  WAITS_FOR_PAUSE,
} from './site';

const site = inject('site');
let browser: Browser;

beforeAll(async () => {
  browser = await sharedBrowser();
});

afterAll(async () => {
  await browser?.close();
});

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const chart = (page: Page, measure: string): Locator => page.getByRole('img', { name: new RegExp(`^${measure} `) });

/** Saves what a button saves, and gives its name and content. */
async function saved(page: Page, name: string): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, name).click()]);
  return { name: download.suggestedFilename(), content: await buffer(await download.createReadStream()) };
}

describe('a visit', () => {
  let the: Visit;

  beforeAll(async () => {
    the = await visit(browser, site.url);
  });

  test('trains on its own, until the network reads most digits', async () => {
    await untilEpoch(the.page, 60);
    const accuracy = await the.page.getByTestId('accuracy-train').innerText();
    expect(Number.parseFloat(accuracy)).toBeGreaterThan(70);
    // What comes next needs no training.
    await button(the.page, 'Pause').click();
    await untilStage(the.page, 'paused');
  });

  test('names the adapter, and says so if it is no GPU', async () => {
    const badge = the.page.getByText('software adapter – no GPU used');
    expect(await badge.count()).toBe(inject('adapter') === 'software' ? 1 : 0);
    if (inject('adapter') === 'software') expect(await the.page.getByText('swiftshader').count()).toBe(1);
  });

  test('remembers how its kernels were tuned, for this browser', async () => {
    const [kept, version] = await the.page.evaluate(() => [
      localStorage.getItem('underglass.tuning'),
      navigator.userAgent,
    ]);
    expect(kept).toContain(`{"version":${JSON.stringify(version)},"choices":{"`);
  });

  test('draws curves of loss and accuracy, and tells them in words and in a table', async () => {
    for (const measure of ['Loss', 'Accuracy']) {
      const drawn = the.page.getByRole('img', { name: new RegExp(`^${measure} from epoch 0 to \\d+: training`) });
      expect(await coloursOf(drawn)).toBeGreaterThan(10);
    }
    await the.page.getByText('The curves as a table').click();
    const table = the.page.getByRole('region', { name: 'Loss and accuracy by epoch' });
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThanOrEqual(3);
  });

  test('goes from tab to tab by arrow keys, and the address follows', async () => {
    await the.page.getByRole('tab', { name: 'Draw a digit' }).click();
    await the.page.keyboard.press('ArrowRight');
    expect(new URL(the.page.url()).hash).toBe('#timings');
    await the.page.getByRole('region', { name: 'Shader timings' }).waitFor();
    await the.page.keyboard.press('Home');
    await chart(the.page, 'Loss').waitFor();
  });

  test('shows the WGSL of every operation, with its constants and bindings', async () => {
    await openPanel(the.page, 'Shaders');
    const panel = the.page.getByRole('region', { name: 'Shaders' });
    const operations = panel.getByLabel('Operation');
    await operations.waitFor();
    const labels = await operations.locator('option').allTextContents();
    for (const label of ['dense1 forward', 'dense3 loss', 'dense3 backward', 'update']) {
      expect(labels.join('\n')).toContain(label);
    }
    await operations.selectOption('dense2 forward');
    const source = panel.getByRole('region', { name: 'Source of dense_forward.wgsl' });
    expect(await source.innerText()).toMatch(/@compute @workgroup_size\(WORKGROUP_X, WORKGROUP_Y\)\s+fn main/);
    expect(await source.locator('.attribute').allInnerTexts()).toContain('@compute');
    // The second layer takes 48 numbers, in blocks of four, and gives 32.
    await panel.getByText('K = 48').waitFor();
    await panel.getByText('N = 32').waitFor();
    expect(await panel.getByRole('table', { name: 'Bindings' }).getByRole('rowheader', { name: 'w' }).count()).toBe(1);
    await openPanel(the.page, 'Curves');
  });

  test('rests while paused, takes one step, and goes on from there', async () => {
    await button(the.page, 'Play').click();
    await untilEpoch(the.page, (await shownEpoch(the.page)) + 1);
    await button(the.page, 'Pause').click();
    await untilStage(the.page, 'paused');
    const resting = await shownEpoch(the.page);
    // The worker looks into the network, and would have told of a step that it had made before.
    await openPanel(the.page, 'What it learned');
    await the.page.getByText(`after ${resting} epochs`).waitFor();
    expect(await shownEpoch(the.page)).toBe(resting);
    await openPanel(the.page, 'Curves');
    for (const steps of [1, 2]) {
      await button(the.page, 'One step').click();
      await expect.poll(() => shownEpoch(the.page)).toBe(resting + steps);
      await untilStage(the.page, 'paused');
    }
    await the.page.getByText(`at epoch ${resting + 2}`, { exact: true }).waitFor();
    await button(the.page, 'Play').click();
    await untilEpoch(the.page, resting + 5);
  });

  test('shows the values under the pointer, and of any epoch by keyboard', async () => {
    await button(the.page, 'Pause').click();
    await untilStage(the.page, 'paused');
    await chart(the.page, 'Accuracy')
      .locator('.u-over')
      .hover({ position: { x: 3, y: 40 } });
    await the.page
      .getByText('at epoch 5', { exact: true })
      .or(the.page.getByText('at epoch 0', { exact: true }))
      .waitFor();
    await the.page.mouse.move(0, 0);
    await the.page.getByLabel('Read at').focus();
    await the.page.keyboard.press('Home');
    await the.page.getByText('at epoch 0', { exact: true }).waitFor();
    for (let i = 0; i < 10; i++) await the.page.keyboard.press('ArrowRight');
    await the.page.getByText('at epoch 10', { exact: true }).waitFor();
  });

  test('zooms by dragging and by buttons, and draws a logarithmic scale', async () => {
    const all = button(the.page, 'All epochs');
    expect(await all.isDisabled()).toBe(true);
    const over = chart(the.page, 'Loss').locator('.u-over');
    const { x, y, height } = (await over.boundingBox())!;
    await the.page.mouse.move(x + 2, y + height / 2);
    await the.page.mouse.down();
    await the.page.mouse.move(x + 60, y + height / 2, { steps: 4 });
    await the.page.mouse.up();
    await expect.poll(() => all.isEnabled()).toBe(true);
    await button(the.page, 'Zoom in').press('Enter');
    await button(the.page, 'Log loss').press('Enter');
    await expect.poll(async () => coloursOf(chart(the.page, 'Loss'))).toBeGreaterThan(10);
    await button(the.page, 'Log loss').click();
    await all.click();
    expect(await all.isDisabled()).toBe(true);
  });

  test('keeps the run before to compare with, and exports both', async () => {
    await the.page.getByLabel('Learning rate α').fill('0.5');
    await the.page.keyboard.press('Enter');
    await the.page.getByText('α 0.2').waitFor();
    await expect
      .poll(() => chart(the.page, 'Loss').getAttribute('aria-label'), { timeout: 50_000 })
      .toMatch(/to [1-9]/);
    await button(the.page, 'Pause').click();
    await untilStage(the.page, 'paused');

    const table = await saved(the.page, 'CSV');
    expect(table.name).toBe('underglass-curves.csv');
    const lines = table.content.toString().trim().split('\r\n');
    expect(lines[0]).toMatch(/^run,settings,epoch,train_loss/);
    expect(new Set(lines.slice(1).map((line) => line.split(',').slice(0, 2).join()))).toEqual(
      new Set(['1,"?"', '2,"?lr=0.5"']),
    );
    const picture = await saved(the.page, 'PNG');
    expect(picture.name).toBe('underglass-curves.png');
    expect(picture.content.subarray(1, 4).toString()).toBe('PNG');
    // A PNG file tells its width in bytes 16 to 19: both charts stand side by side.
    expect(picture.content.readUInt32BE(16)).toBeGreaterThan(500);

    await button(the.page, 'Forget run 1').click();
    expect(await the.page.getByText('Runs before').count()).toBe(0);
  });

  test('has nothing for axe to complain of, light or dark, and never scrolls sideways', async () => {
    await openPanel(the.page, 'Curves');
    // What trains takes the processor that axe needs.
    await untilStage(the.page, 'paused');
    await expectAccessible(the.page);
    await expectNoSidewaysScroll(the.page);
    await openPanel(the.page, 'Shaders');
    // A short one has all that a long one has.
    await the.page.getByLabel('Operation').selectOption('update');
    await expectAccessible(the.page, ['light', 'dark'], '#panel');
    await expectNoSidewaysScroll(the.page);
  });

  test('asks nobody but its own host, and logs no error', async () => {
    expect(the.requests.length).toBeGreaterThan(3);
    expect(the.foreign).toEqual([]);
    expect(the.errors).toEqual([]);
    await the.context.close();
  });
});

test('with minibatches one step is one batch: an epoch step by step, and the same numbers as without a pause', async () => {
  const { page, context } = await visit(browser, `${site.url}?layers=none&batch=200&epochs=20`, {
    prepare: (blank) => prependToWorker(blank, WAITS_FOR_PAUSE),
  });
  await untilEpoch(page, 1);
  await button(page, 'Pause').click();
  await untilStage(page, 'paused');
  // 721 images in batches of 200: four steps an epoch.
  const steps = async () => 4 * (await shownEpoch(page)) + (await shownStep(page));
  const resting = await steps();
  for (let made = 1; made <= 5; made++) {
    await button(page, 'One step').click();
    await expect.poll(steps).toBe(resting + made);
    await untilStage(page, 'paused');
    if ((resting + made) % 4 > 0) await page.getByText(`step ${(resting + made) % 4} of 4`).waitFor();
    // An epoch's numbers are there once it is complete.
    else await page.getByText(`at epoch ${(resting + made) / 4}`, { exact: true }).waitFor();
  }
  await button(page, 'Play').click();
  await untilStage(page, 'finished');
  const stepped = await results(page);
  await restartToEnd(page);
  expect(await results(page)).toBe(stepped);
  await context.close();
});

describe('a visit to a short run', () => {
  let page: Page;

  beforeAll(async () => {
    ({ page } = await visit(browser, `${site.url}?layers=none&epochs=2`, { colorScheme: 'light' }));
  });

  afterAll(() => page?.context().close());

  test('starts from other weights with another seed, and from the same with the same', async () => {
    await untilStage(page, 'finished');
    const resultsFrom = async (seed: string) => {
      await page.getByLabel('Seed').fill(seed);
      await restartToEnd(page);
      return results(page);
    };
    const zero = await results(page);
    expect(await resultsFrom('7')).not.toBe(zero);
    expect(await resultsFrom('0')).toBe(zero);
  });

  test('can be installed: the manifest and its pictures are there', async () => {
    const cdp = await page.context().newCDPSession(page);
    const { url, errors, data } = await cdp.send('Page.getAppManifest');
    expect(url).toBe(`${site.url}manifest.webmanifest`);
    expect(errors).toEqual([]);
    const pictures = [...data!.matchAll(/"src": "([^"]+)"/g)].map(([, src]) => src!);
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    for (const src of pictures) {
      expect((await page.request.get(new URL(src, url).href)).headers()['content-type'], src).toMatch(/^image\//);
    }
  });

  test('takes the theme of the system, or the one chosen, which it remembers', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await button(page, 'Dark').click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await button(page, 'Dark').waitFor();
    expect(await ground()).toBe(dark);
    await button(page, 'As the system').click();
    expect(await ground()).toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await ground()).toBe(dark);
  });
});

test.each([
  [
    'forbidden',
    `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })`,
  ],
  ['full', `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }`],
])('works where storage is %s', async (_, script) => {
  const { page, context, errors } = await visit(browser, `${site.url}?layers=none&epochs=2`, {
    prepare: (blank) => blank.addInitScript({ content: script }),
  });
  await button(page, 'Dark').click();
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  await untilStage(page, 'finished');
  expect(errors).toEqual([]);
  await context.close();
});

test('opens and trains without a network after the first visit, with any settings', async () => {
  const { page, context, errors } = await visit(browser, `${site.url}?layers=none&epochs=2`, {
    serviceWorkers: 'allow',
  });
  await page.evaluate(async () => navigator.serviceWorker.ready);
  // Ready means installed, and installed means that every file is kept.
  await context.setOffline(true);
  await page.goto(`${site.url}?epochs=3&layers=4`);
  await untilStage(page, 'finished');
  expect(await shownEpoch(page)).toBe(3);
  expect(errors).toEqual([]);
  await context.close();
});

test('says what to do where the adapter has no timestamps, and trains all the same', async () => {
  const { page, context } = await visit(browser, `${site.url}?layers=none&epochs=3#timings`, {
    prepare: (blank) =>
      prependToWorker(
        blank,
        `const { get } = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'features');
         Object.defineProperty(GPUAdapter.prototype, 'features', {
           get() { return new Set([...get.call(this)].filter((name) => name !== 'timestamp-query')); },
         })`,
      ),
  });
  await untilEpoch(page, 3);
  await page.getByText('This adapter offers no timestamps').waitFor();
  // The host's clock times whole steps, and accounts for all of the time.
  await page.getByText('wall clock over many steps').waitFor();
  await page.getByRole('region', { name: 'Where the wall-clock time went' }).locator('tfoot').waitFor();
  expect(await page.getByRole('region', { name: 'Operation by operation' }).count()).toBe(0);
  expect(await page.getByText('GPU busy').count()).toBe(0);
  await context.close();
});

/** How many colours a chart's canvas shows. */
function coloursOf(drawn: Locator): Promise<number> {
  return drawn.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}
