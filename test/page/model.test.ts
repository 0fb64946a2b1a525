// The model form in Chromium: fields, diagram, presets, and links that hold them.

import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll, sharedBrowser, shownEpoch, untilStage, visit } from './site';

const site = inject('site');
let browser: Browser;

beforeAll(async () => {
  browser = await sharedBrowser();
});

afterAll(async () => {
  await browser?.close();
});

const layers = (page: Page) => page.getByLabel('Hidden layers').inputValue();
const untilQuery = (page: Page, query: string) =>
  expect.poll(() => decodeURIComponent(new URL(page.url()).search)).toBe(query);

test('a changed layer is in the address at once, in the run at the next start, and in a reloaded page', async () => {
  const { page, context } = await visit(browser, `${site.url}?layers=none&epochs=3`);
  await untilStage(page, 'finished');
  await page.getByLabel('Hidden layers').fill('8');
  await untilQuery(page, '?layers=8&epochs=3');
  await page.getByText('Changed since this run began').waitFor();
  expect(await page.getByText('64 → 10').count()).toBe(1);
  await page.getByRole('button', { name: 'Train with these' }).click();
  await page.getByText('one hidden layer of 8 sigmoid units').waitFor();
  await untilStage(page, 'finished');
  const result = await page.getByTestId('accuracy-test').innerText();
  await page.reload();
  await untilStage(page, 'finished');
  expect(await layers(page)).toBe('8');
  expect(await page.getByTestId('accuracy-test').innerText()).toBe(result);
  await context.close();
});

describe('the form of a run', () => {
  let page: Page;

  beforeAll(async () => {
    ({ page } = await visit(browser, `${site.url}?layers=none&epochs=2`));
  });

  test('the diagram adds, removes and widens layers by mouse and by keyboard', async () => {
    await page.getByLabel('Hidden layers').fill('48, 32');
    await page.getByRole('button', { name: 'Add a layer before the output' }).click();
    expect(await layers(page)).toBe('48, 32, 18');
    await page.getByRole('button', { name: 'Remove hidden layer 1' }).press('Enter');
    expect(await layers(page)).toBe('32, 18');
    const second = page.getByRole('slider', { name: 'Units of hidden layer 2' });
    await second.focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('PageUp');
    expect(await layers(page)).toBe('32, 27');
    expect(await second.getAttribute('aria-valuenow')).toBe('27');
    await page.keyboard.press('Delete');
    expect(await layers(page)).toBe('32');

    const { x, y, width, height } = (await page
      .getByRole('slider', { name: 'Units of hidden layer 1' })
      .boundingBox())!;
    const drag = async (to: number) => {
      await page.mouse.move(x + width / 2, y + 4);
      await page.mouse.down();
      await page.mouse.move(x + width / 2, y + to, { steps: 5 });
      await page.mouse.up();
    };
    await drag(-15);
    const wider = Number(await layers(page));
    expect(wider).toBeGreaterThan(32);
    await drag(height);
    expect(Number(await layers(page))).toBeLessThan(wider);
    await page.getByRole('button', { name: 'Take back' }).click();
    expect(await layers(page)).toBe('none');
  });

  test('a field that makes no sense is answered beside it; its last good value trains on', async () => {
    await page.getByLabel('Hidden layers').fill('10000');
    await page.getByText('A layer of 10,000 is too wide; this page trains up to 4,096.').waitFor();
    await page.getByLabel('Momentum μ').fill('1');
    expect(await page.getByLabel('Momentum μ').getAttribute('aria-invalid')).toBe('true');
    await expectAccessible(page, ['light']);
    await page.getByRole('button', { name: 'Train with these' }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-layers');
    await untilQuery(page, '?layers=none&epochs=2');
    await page.getByRole('button', { name: 'Take back' }).click();
    expect(await layers(page)).toBe('none');
    expect(await page.locator('[aria-invalid]').count()).toBe(0);
  });

  test('a preset fills the form and trains', async () => {
    await page.getByRole('button', { name: 'Minibatch' }).click();
    expect(await page.getByLabel('Batch', { exact: true }).inputValue()).toBe('32');
    expect(await page.getByRole('button', { name: 'Minibatch' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByText('23 batches of 32').waitFor();
    await untilQuery(page, '?output=linear&lr=0.05&l2=0.01&batch=32&epochs=60');
    await expect.poll(() => shownEpoch(page), { timeout: 50_000 }).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Pause' }).click();
    const step = page.getByRole('button', { name: 'One step' });
    expect(await step.getAttribute('title')).toBe('One update of all weights, from one of the epoch’s 23 batches');
  });
});

test('a link of other parts trains them; another optimiser in the form brings its own fields', async () => {
  const query = '?layers=12:relu,8:tanh&output=linear&optimiser=adam&schedule=cosine&warmup=1&batch=100&epochs=3';
  const { page, context, errors } = await visit(browser, `${site.url}${query}`);
  await untilStage(page, 'finished');
  await page.getByText('2 hidden layers of 12 ReLU, 8 tanh units to 10 linear outputs').waitFor();
  expect(await page.getByLabel('Learning rate α').inputValue()).toBe('0.001');
  expect(await page.getByLabel('Activation', { exact: true }).count()).toBe(0);
  expect(await page.getByLabel('Momentum μ').count()).toBe(0);
  await page.getByLabel('Optimiser', { exact: true }).selectOption('rmsprop');
  expect(await page.getByLabel('Learning rate α').inputValue()).toBe('0.01');
  expect(await page.getByLabel('Smoothing').inputValue()).toBe('0.99');
  await page.getByLabel('Schedule', { exact: true }).selectOption('constant');
  await untilQuery(page, '?layers=12:relu,8:tanh&output=linear&optimiser=rmsprop&batch=100&epochs=3');
  if (inject('full')) {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  }
  expect(errors).toEqual([]);
  await context.close();
});

test('patience ends a run that gets no better, with the weights of its best epoch', async () => {
  // A rate at which the loss soon rises again.
  const { page, context } = await visit(
    browser,
    `${site.url}?layers=none&output=linear&lr=3&l2=0&patience=1&epochs=200`,
  );
  await untilStage(page, 'finished');
  expect(await shownEpoch(page)).toBeLessThan(200);
  const said = await page.getByText(/^best weights, after \d+ epochs$/).innerText();
  expect(Number(/\d+/.exec(said)![0])).toBeLessThan(await shownEpoch(page));
  await context.close();
});

test('a hostile link trains the tutorial, and says of each field what was wrong', async () => {
  const long = 'x'.repeat(10_000);
  const query = `?epochs=2&layers=10000,5&lr=-1&momentum=<script>alert(1)</script>&seed=${long}&evil=1&__proto__=2`;
  const { page, context, errors, foreign } = await visit(browser, `${site.url}${query}`);
  await untilStage(page, 'finished');
  expect(await layers(page)).toBe('48, 32');
  for (const text of [
    'lr is "-1"; use a number above 0',
    'momentum is "<script>alert(1)</script>"; use a number from 0 to below 1',
    'A layer of 10,000 is too wide',
  ]) {
    expect(await page.getByText(`In the link: ${text}`).count(), text).toBe(1);
  }
  expect(await page.getByText('The link also names "evil", "__proto__", which means nothing here.').count()).toBe(1);
  await untilQuery(page, '?epochs=2');
  await expectAccessible(page, ['light']);
  await expectNoSidewaysScroll(page);
  expect([errors, foreign]).toEqual([[], []]);
  await context.close();
});

test('on a narrow window the form is folded, and opens by keyboard', async () => {
  const { page, context } = await visit(browser, `${site.url}?layers=none&epochs=1`, {
    viewport: { width: 360, height: 740 },
  });
  expect(await page.getByLabel('Hidden layers').isVisible()).toBe(false);
  await page.getByText('Model and data').focus();
  await page.locator('.model summary').press('Enter');
  await page.getByLabel('Hidden layers').fill('20');
  await page.keyboard.press('Enter');
  await page.getByText('one hidden layer of 20').waitFor();
  await expectAccessible(page, ['light']);
  await context.close();
});
