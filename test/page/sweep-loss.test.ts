// A GPU lost in the midst of the page's sweep: what is finished stays, and the sweep goes on by itself to the same numbers.

import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { expectAccessible, openPanel, prependToWorker, sharedBrowser, untilStage, visit } from './site';

const site = inject('site');
let browser: Browser;

beforeAll(async () => {
  browser = await sharedBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/** In the worker: destroys the device in use when the sweep posts news that `when` says yes to; `isFirst` until it went on from a loss. */
function losing(when: string): string {
  return `{
    const { requestDevice } = GPUAdapter.prototype;
    const { postMessage: post } = self;
    let device, isFirst;
    GPUAdapter.prototype.requestDevice = async function (...parameters) {
      return (device = await requestDevice.apply(this, parameters));
    };
    self.addEventListener('message', ({ data }) => {
      if (data.type === 'sweep') isFirst = data.finished.length === 0;
    });
    self.postMessage = (message) => {
      post(message);
      const { type, news } = message;
      if (type === 'sweep' && (${when})) device.destroy();
    };
  }`;
}

interface Swept {
  readonly page: Page;
  readonly panel: ReturnType<Page['getByRole']>;
  readonly close: () => Promise<void>;
}

/** Starts a sweep of four networks in two groups beside a run that is at rest in that stage. */
async function startSweep(query: string, stage: 'paused' | 'finished', code = ''): Promise<Swept> {
  const prepare = (blank: Page) => prependToWorker(blank, code);
  const { page, context } = await visit(browser, `${site.url}${query}`, { prepare });
  if (stage === 'paused') await page.getByRole('button', { name: 'Pause' }).click();
  await untilStage(page, stage);
  await openPanel(page, 'Sweep');
  const panel = page.getByRole('region', { name: 'Sweep' });
  const fields = { λ: '0.1,1', Layers: 'none|4', 'Learning rate': '0.1', Seeds: '0', Epochs: '20' };
  for (const [name, text] of Object.entries(fields)) await panel.getByLabel(name, { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Start the sweep' }).click();
  return { page, panel, close: () => context.close() };
}

/** The cells of the map and the winner, once the sweep is done. */
async function resultOf({ panel }: Swept): Promise<string[]> {
  await panel.getByText('The sweep is done.').waitFor({ timeout: 60_000 });
  const cells = await panel
    .getByRole('grid', { name: 'Validation accuracy by configuration' })
    .getByRole('button')
    .evaluateAll((all) => all.map((each) => each.ariaLabel ?? ''));
  return [...cells, await panel.getByText(/^The best: /).innerText(), await panel.getByTestId('winner').innerText()];
}

let whole: Promise<readonly string[]> | undefined;

/** The result without a loss. */
function undisturbed(): Promise<readonly string[]> {
  whole ??= startSweep('?layers=none&epochs=1', 'finished').then(async (swept) => {
    const result = await resultOf(swept);
    await swept.close();
    return result;
  });
  return whole;
}

/** Once two networks are finished and the others in training. */
const HALF_WAY = "news.kind === 'progress' && news.fraction > 0.5 && news.training > 0";

test.for([
  {
    what: 'half-way, beside a run that rests',
    query: '?layers=none&epochs=100000',
    stage: 'paused' as const,
    when: HALF_WAY,
    onlyInFull: true,
  },
  {
    what: 'while the best trains again, beside a run that is over',
    query: '?layers=none&epochs=1',
    stage: 'finished' as const,
    when: "news.kind === 'retraining'",
  },
  {
    what: 'half-way, beside a run that is over',
    query: '?layers=none&epochs=1',
    stage: 'finished' as const,
    when: HALF_WAY,
    onlyInFull: true,
  },
])('$what: the sweep goes on by itself, to the same numbers', async (row, { skip }) => {
  const { query, stage, when, onlyInFull } = row;
  skip(Boolean(onlyInFull) && !inject('full'), 'only in npm run test:full');
  const swept = await startSweep(query, stage, losing(`isFirst && ${when}`));
  expect(await resultOf(swept)).toEqual(await undisturbed());
  await swept.panel.getByText('The GPU was lost once. What was finished stayed').waitFor();
  await untilStage(swept.page, stage);
  // One look: the panel is the same beside either run.
  if (!onlyInFull) await expectAccessible(swept.page, ['dark'], '#panel');
  await swept.close();
});

test('a GPU that is lost at every try ends the sweep, and what is finished stays', async () => {
  const swept = await startSweep('?layers=none&epochs=1', 'finished', losing(HALF_WAY));
  await swept.panel
    .getByText(/^The sweep failed: the GPU was lost 4 times .* 2 of 4 networks are finished/)
    .waitFor({ timeout: 60_000 });
  await swept.panel.getByText('2 of 4 networks done').waitFor();
  const cells = swept.panel.getByRole('grid', { name: 'Validation accuracy by configuration' });
  expect(await cells.getByRole('button', { name: /: validation [\d.]+%, test/ }).count()).toBe(2);
  expect(await cells.getByRole('button', { name: /not trained yet/ }).count()).toBe(2);
  await swept.close();
});
