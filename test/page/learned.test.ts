// The lab's panels in Chromium, as a person uses them: what it learned, draw a digit, sweep, gradient check, memory.

import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadDigits } from '../support/digits';
import { STROKES } from '../support/strokes';
import { tutorialSplit } from '../../src/index';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  openPanel,
  sharedBrowser,
  shownEpoch,
  untilEpoch,
  untilStage,
  visit,
  type Visit,
} from './site';

const site = inject('site');
let browser: Browser;
let the: Visit;
let page: Page;

beforeAll(async () => {
  browser = await sharedBrowser();
  the = await visit(browser, `${site.url}?layers=16&epochs=100000#draw`);
  page = the.page;
});

afterAll(async () => {
  await browser?.close();
});

/** Draws a digit of `STROKES` with the mouse. */
async function draw(digit: number): Promise<void> {
  const clear = page.getByRole('button', { name: 'Clear' });
  if (await clear.isEnabled()) await clear.click();
  const pad = page.getByRole('img', { name: /^Pad to draw/ });
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await pad.boundingBox())!;
  for (const [first, ...rest] of STROKES[digit]!) {
    const move = (point: { x: number; y: number }) =>
      page.mouse.move(x + (point.x / 100) * width, y + (point.y / 100) * height);
    await move(first!);
    await page.mouse.down();
    for (const point of rest) await move(point);
    await page.mouse.up();
  }
}

/** What the page says that it reads. */
function verdict(): Promise<string> {
  return page.locator('.reading-verdict').innerText();
}

async function cellCounts(matrix: Locator): Promise<{ name: string; count: number }[]> {
  const names = await matrix.getByRole('button').evaluateAll((all) => all.map((each) => each.ariaLabel ?? ''));
  return names.map((name) => ({ name, count: Number(/: (\d+)$/.exec(name)?.[1]) }));
}

test('an empty pad is answered in words', async () => {
  await untilEpoch(page, 1);
  expect(await verdict()).toMatch(/^Nothing is drawn, so there is nothing to read/);
  expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
});

test('the confusion matrix follows the training, and counts every test image once', async () => {
  const matrix = page.getByRole('grid', { name: 'Confusion matrix' });
  await openPanel(page, 'What it learned');
  const right = async () => {
    const cells = await cellCounts(matrix);
    expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(594);
    return cells.filter(({ name }) => /is (\d), read as \1:/.test(name)).reduce((sum, { count }) => sum + count, 0);
  };
  await untilEpoch(page, 120);
  await expect.poll(right, { timeout: 20_000 }).toBeGreaterThan(0.8 * 594);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => page.getByTestId('stage').innerText()).toBe('paused');
  // At rest it shows the very state that training stopped in.
  const head = page.locator('.learned .section-head p');
  await expect.poll(() => head.innerText()).toBe(`after ${await shownEpoch(page)} epochs`);
});

test('a cell leads to its images, by pointer and by keyboard', async () => {
  const matrix = page.getByRole('grid', { name: 'Confusion matrix' });
  const cells = await cellCounts(matrix);
  const wrong = cells.find(({ name, count }) => count > 0 && !/is (\d), read as \1:/.test(name))!;
  await matrix.getByRole('button', { name: wrong.name }).click();
  const [, is, as] = /is (\d), read as (\d)/.exec(wrong.name)!;
  const list = page.getByRole('list', { name: `${is}, read as ${as}` });
  expect(
    await list.getByRole('button', { name: new RegExp(`^is ${is} with [\\d.]+% ?, read as ${as} with`) }).count(),
  ).toBe(wrong.count);
  await page.getByRole('button', { name: 'back to the worst mistakes' }).click();

  await matrix.getByRole('button', { name: /^is 0, read as 0:/ }).focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  const ones = cells.find(({ name }) => name.startsWith('is 1, read as 1:'))!.count;
  const shown = page.getByRole('list', { name: '1, read rightly' }).getByRole('button');
  expect(await shown.count()).toBe(Math.min(24, ones));
  await page.keyboard.press('Enter');
});

test('the worst mistakes are mistakes, the worst first, and one can be taken to the pad', async () => {
  const list = page.getByRole('list', { name: 'The worst mistakes' });
  const names = await list.getByRole('button').evaluateAll((all) => all.map((each) => each.textContent ?? ''));
  const found = names.map((name) => /^is (\d) with ([\d.]+)%, read as (\d) with ([\d.]+)%/.exec(name)!.map(Number));
  const against = found.map(([, , right]) => right!);
  expect(against).toEqual(against.toSorted((a, b) => a - b));
  expect(found.every(([, is, right, as, answer]) => is !== as && answer! >= right!)).toBe(true);
  await list.getByRole('button').first().click();
  expect(new URL(page.url()).hash).toBe('#draw');
  await expect
    .poll(verdict)
    .toMatch(new RegExp(`^It reads a ${found[0]![3]}, with a probability of ${found[0]![4]!.toFixed(1)}%`));
});

test('the first layer and the histograms are pictures with words and tables', async () => {
  await openPanel(page, 'What it learned');
  await page.getByRole('img', { name: /^Weights of 16 units as images, from −[\d.]+ to [\d.]+$/ }).waitFor();
  for (const what of ['weights', 'activations', 'gradients']) {
    expect(await page.getByRole('img', { name: new RegExp(`^dense\\d ${what}: from .* to .*, mean`) }).count()).toBe(2);
  }
  await page.getByText('The weights as a table').click();
  const weights = page.getByRole('region', { name: 'Weights of the first layer' });
  await expect.poll(() => weights.getByRole('row').count()).toBe(17);
  await page.getByText('The histograms as a table').click();
  const spread = page.getByRole('region', { name: /^Spread of weights/ });
  await expect.poll(() => spread.getByRole('row').count()).toBe(7);
});

test('reads what one draws', async () => {
  await openPanel(page, 'Draw a digit');
  for (const digit of [0, 7]) {
    await draw(digit);
    await expect.poll(verdict).toMatch(new RegExp(`^It reads a ${digit},`));
  }
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect.poll(verdict).toMatch(/^Nothing is drawn/);
});

test('a test image is loaded as it is, and its pixels can be set by keyboard', async () => {
  const { test: split } = tutorialSplit(await loadDigits());
  await page.getByLabel('test image').fill('6');
  await page.getByRole('button', { name: 'Load', exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Pixels' });
  const shown = async () =>
    (await grid.getByRole('gridcell').evaluateAll((all) => all.map((each) => each.ariaLabel ?? ''))).map((name) =>
      Number(name.split(': ')[1]),
    );
  await expect.poll(shown).toEqual(Array.from(split.features.subarray(5 * 64, 6 * 64)));
  await expect.poll(verdict).toMatch(new RegExp(`^It reads a ${split.labels[5]},`));

  await page.getByRole('button', { name: 'Clear' }).click();
  await grid.getByRole('gridcell', { name: 'row 1, column 1:' }).focus();
  for (const key of ['ArrowDown', 'ArrowRight', ' ', 'ArrowDown', '+', '+']) await page.keyboard.press(key);
  await expect
    .poll(async () => (await shown()).flatMap((value, i) => (value > 0 ? [[i, value]] : [])))
    .toEqual([
      [9, 16],
      [17, 2],
    ]);
  await expect.poll(verdict).toMatch(/^It reads a \d, /);
  expect(await page.getByRole('img', { name: /^dense1: 16 units from/ }).count()).toBe(1);
  await page.getByText('The activations as a table').click();
  await expect
    .poll(() => page.getByRole('region', { name: 'Activations', exact: true }).getByRole('row').count())
    .toBe(17);
});

test('the gradient check tells tensor by tensor that the kernels agree', async () => {
  await openPanel(page, 'Checks');
  await page.getByRole('button', { name: 'Check the gradients' }).click();
  const panel = page.getByRole('region', { name: 'Gradient check' });
  await panel.getByText(/^All 4 tensors agree/).waitFor();
  const errors = await panel.locator('tbody td:nth-child(4)').allInnerTexts();
  expect(errors).toHaveLength(4);
  expect(errors.every((text) => Number(text.replace('−', '-')) < 1e-4)).toBe(true);
});

test('memory lists what lives on the GPU, and its shares add up', async () => {
  const panel = page.getByRole('region', { name: 'Memory' });
  await expect.poll(() => panel.getByRole('row').count()).toBeGreaterThan(5);
  const shares = (await panel.locator('tbody td:last-child').allInnerTexts()).map(Number.parseFloat);
  // Each share is rounded to 0.1 points.
  expect(Math.abs(shares.reduce((a, b) => a + b) - 100)).toBeLessThan(0.05 * shares.length + 0.01);
});

test('a grid of a million networks is answered in one sentence', async () => {
  await openPanel(page, 'Sweep');
  const panel = page.getByRole('region', { name: 'Sweep' });
  await panel.getByLabel('λ').fill('linspace:0.001:0.9:1000');
  await panel.getByLabel('Learning rate').fill('linspace:0.001:0.9:1000');
  await page.getByText('The grid has 2,000,000 networks').waitFor();
  expect(await page.getByRole('button', { name: 'Start the sweep' }).isDisabled()).toBe(true);
  await panel.getByLabel('λ').fill('0.1,x');
  await page.getByText('λ is "0.1,x"').waitFor();
});

test('a sweep fills its map, trains the best again, and a cell becomes the run', async () => {
  const fields = { λ: '0.1,1e6', Layers: 'none', 'Learning rate': '0.1,0.2', Seeds: '0,1', Epochs: '20' };
  const panel = page.getByRole('region', { name: 'Sweep' });
  for (const [name, text] of Object.entries(fields)) await panel.getByLabel(name, { exact: true }).fill(text);
  await page.getByText('8 networks, 20 epochs each').waitFor();
  await page.getByRole('button', { name: 'Start the sweep' }).click();
  await panel.getByText('The sweep is done.').waitFor();
  const map = panel.getByRole('grid', { name: 'Validation accuracy by configuration' });
  const cells = await map.getByRole('button').evaluateAll((all) => all.map((each) => each.ariaLabel ?? ''));
  // Such a penalty makes the weights 138 times as large in each step.
  const [good, lost] = ['λ 0.1, ', 'λ 1000000, '].map((start) => cells.filter((name) => name.startsWith(start)));
  expect(lost).toEqual(['λ 1000000, α 0.1: diverged with every seed', 'λ 1000000, α 0.2: diverged with every seed']);
  const valid = good!.map((name) => Number(/validation ([\d.]+)% ± [\d.]+, test [\d.]+%$/.exec(name)?.[1]));
  expect(valid).toHaveLength(2);
  expect(await panel.getByTestId('winner').innerText()).toMatch(/^\d+\.\d\d%$/);
  await panel.getByText(`The best: λ 0.1, α ${valid[0]! > valid[1]! ? '0.1' : '0.2'}.`).waitFor();

  await map.getByRole('button', { name: /^λ 0.1, α 0.1:/ }).click();
  await untilStage(page, 'finished');
  // As many as the sweep's.
  expect(await shownEpoch(page)).toBe(20);
  // Of the two seeds, the better one.
  await expect
    .poll(() => decodeURIComponent(new URL(page.url()).search))
    .toMatch(/^\?layers=none&lr=0.1&l2=0.1&epochs=20(&seed=1)?$/);
  await openPanel(page, 'Draw a digit');
  // Without hidden layers, one layer of ten is all that reads.
  await page.getByRole('img', { name: /^dense1: 10 units from/ }).waitFor();
  expect(await page.getByRole('img', { name: /^dense2: / }).count()).toBe(0);
  await openPanel(page, 'What it learned');
  await page.getByRole('img', { name: /^Weights of 10 units as images/ }).waitFor();
});

test('a sweep shows how its networks do while they train, and can be stopped', async () => {
  await openPanel(page, 'Sweep');
  const panel = page.getByRole('region', { name: 'Sweep' });
  await panel.getByLabel('Epochs', { exact: true }).fill('100000');
  await page.getByRole('button', { name: 'Start the sweep' }).click();
  await page.getByText(/in training, at epoch/).waitFor();
  await panel
    .getByRole('button', { name: /: validation [\d.]+%.*, in training$/ })
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Stop the sweep' }).click();
  await page.getByText('Stopped after 0 of 8 networks.').waitFor();
});

test('has nothing for axe to complain of, never scrolls sideways, and logs no error', async () => {
  for (const title of ['What it learned', 'Draw a digit', 'Sweep', 'Checks']) {
    await openPanel(page, title);
    await expectAccessible(page, ['light', 'dark'], '#panel');
    await expectNoSidewaysScroll(page);
  }
  expect(the.errors).toEqual([]);
}, 120_000); // axe looks at a thousand elements, in light and in dark
