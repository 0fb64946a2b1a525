// What the page shows when it cannot train.

import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chromiumFlags } from '../support/chromium-flags';
import { loadDigitsBytes } from '../support/digits';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  launch,
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

/** Expects the notice with this title and code. */
async function expectNotice(page: Page, title: string, code: string): Promise<void> {
  const notice = page.getByRole('alert', { name: title });
  await notice.waitFor();
  expect(await notice.locator('.detail code').innerText()).toBe(code);
}

/** For one notice of each kind; the others differ in words alone, and are looked at in `npm run test:full`. */
async function expectWellMade(page: Page): Promise<void> {
  await expectAccessible(page, ['dark']);
  await expectNoSidewaysScroll(page);
}

async function expectWellMadeToo(page: Page): Promise<void> {
  if (inject('full')) await expectWellMade(page);
}

test('a browser without WebGPU', async () => {
  const { page, context } = await visit(browser, site.url, {
    prepare: (blank) => prependToWorker(blank, 'delete WorkerNavigator.prototype.gpu'),
  });
  await expectNotice(page, 'This browser has no WebGPU', 'no-webgpu');
  await expectWellMade(page);
  await context.close();
});

test('an address that is not secure, where browsers hide WebGPU', async () => {
  const { page, context } = await visit(browser, site.url.replace('127.0.0.1', inject('insecureHost')));
  await expectNotice(page, 'WebGPU is off on this address', 'no-webgpu');
  await context.close();
});

test('WebGPU without an adapter', async () => {
  const bare = await launch(['--no-sandbox', '--disable-gpu', '--disable-software-rasterizer']);
  try {
    const { page } = await visit(bare, site.url);
    await expectNotice(page, 'WebGPU found no GPU here', 'no-adapter');
    await expectWellMadeToo(page);
  } finally {
    await bare.close();
  }
});

describe('digits', () => {
  let the: Visit;
  let answer: { status?: number; body?: string | Buffer } = { status: 404 };

  beforeAll(async () => {
    the = await visit(browser, `${site.url}?layers=none&epochs=2`, {
      prepare: (blank) => blank.route('**/digits.npy', (route) => route.fulfill(answer)),
    });
  });

  afterAll(() => the?.context.close());

  const tryAgain = () => the.page.getByRole('button', { name: 'Try again' }).click();

  test('that do not load', async () => {
    await expectNotice(the.page, 'The digits did not load', 'io');
    await expectWellMadeToo(the.page);
  });

  test('that are something else', async () => {
    answer = { body: '<!doctype html>' };
    await tryAgain();
    await expectNotice(the.page, 'The digits did not load', 'data');
  });

  test('once they load, training begins; most of whose pixels are blank: told beside the run, which goes on', async () => {
    const bytes = Buffer.from(await loadDigitsBytes());
    // Rows of 64 pixels and a label, after the header.
    const start = bytes.length - 1797 * 65;
    for (let i = start; i < bytes.length; i++) if ((i - start) % 65 < 40) bytes[i] = 0;
    answer = { body: bytes };
    await tryAgain();
    await the.page
      .getByRole('status')
      .getByText(/: 4\d of 64 columns have one and the same value/)
      .waitFor();
    await untilStage(the.page, 'finished');
    expect(await the.page.getByRole('alert').count()).toBe(0);
  });
});

test('a worker that does not load', async () => {
  const { page, context } = await visit(browser, site.url, {
    prepare: (blank) => blank.route('**/worker-*.js', (route) => route.abort()),
  });
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').innerText()).toContain('reload the page');
  await context.close();
});

test('an error that nobody foresaw', async () => {
  const { page, context } = await visit(browser, site.url, {
    prepare: (blank) =>
      prependToWorker(blank, "GPU.prototype.requestAdapter = () => { throw new Error('the cat sat on it') }"),
  });
  await expectNotice(page, 'Training stopped', 'internal');
  expect(await page.getByRole('alert').innerText()).toContain('The cat sat on it.');
  await context.close();
});

test('training that diverges: what happened, what helps, and a gentler run at a click', async () => {
  const { page, context } = await visit(browser, `${site.url}?layers=none&output=linear&lr=1000000&l2=1000&epochs=40`);
  await expectNotice(page, 'Training diverged', 'diverged');
  await expectWellMadeToo(page);
  expect(await page.getByRole('alert').innerText()).toMatch(
    /after step \d+ \(in epoch \d+\).*the largest in dense\d\.[wb]/,
  );
  await page.getByRole('button', { name: 'Train with α = 100000' }).click();
  expect(await page.getByLabel('Learning rate α').inputValue()).toBe('100000');
  await context.close();
});

test('a GPU without memory: said in words, and the form stays to be changed', async () => {
  const { page, context } = await visit(browser, `${site.url}?epochs=2&layers=256`, {
    prepare: (blank) =>
      prependToWorker(
        blank,
        // Room for small layers, but not for the activations of a wide one: 721 rows of 256 float32.
        `const { createBuffer, popErrorScope } = GPUDevice.prototype;
         let full = false;
         GPUDevice.prototype.createBuffer = function (descriptor) {
           full ||= descriptor.size > 5e5;
           return createBuffer.call(this, descriptor);
         };
         GPUDevice.prototype.popErrorScope = async function () {
           const error = await popErrorScope.call(this);
           return full ? new GPUOutOfMemoryError('no room') : error;
         }`,
      ),
  });
  await expectNotice(page, 'The GPU has not enough memory', 'out-of-memory');
  await expectWellMadeToo(page);
  await page.getByLabel('Hidden layers').fill('none');
  await page.getByRole('button', { name: 'Train with these' }).click();
  await untilStage(page, 'finished');
  expect(await page.getByRole('alert').count()).toBe(0);
  await context.close();
});

describe('a lost device', () => {
  // Chromium gives a page that loses its GPU too often no other.
  let frail: Browser;

  beforeAll(async () => {
    frail = await launch(chromiumFlags(inject('adapter')));
  });

  afterAll(async () => {
    await frail?.close();
  });

  /**
   * Opens a page that counts what its workers tell: `kept`, the steps of the last state, `epochs`, all that were evaluated, and
   * `lost`, what both were when the device was lost.
   */
  async function watched(query: string, workerCode = ''): Promise<Visit> {
    return visit(frail, `${site.url}${query}`, {
      prepare: async (blank) => {
        if (workerCode) await prependToWorker(blank, workerCode);
        await blank.addInitScript({
          content: `window.seen = { kept: 0, epochs: [], lost: undefined };
            window.Worker = class extends Worker {
              constructor(...args) {
                super(...args);
                this.addEventListener('message', ({ data }) => {
                  if (data.type === 'kept') seen.kept = data.state.step;
                  if (data.type === 'progress') seen.epochs.push(...data.points.map(({ epoch }) => epoch));
                  if (data.type === 'failed') seen.lost = { kept: seen.kept, epochs: seen.epochs.length };
                });
              }
            };`,
        });
      },
    });
  }

  const kept = (page: Page) => page.evaluate<number>('seen.kept');
  const evaluated = (page: Page) => page.evaluate<number[]>('seen.epochs');
  const lost = (page: Page) => page.evaluate<{ kept: number; epochs: number }>('seen.lost');

  test('at rest: the run comes back to that very step on a new device, and goes on to the same numbers', async () => {
    const { page, context } = await watched('?layers=none&batch=200&epochs=20', WAITS_FOR_PAUSE);
    await untilEpoch(page, 1);
    await page.getByRole('button', { name: 'Pause' }).click();
    await untilStage(page, 'paused');
    // To the midst of an epoch, if it is not there. The page shows that it is paused before the step, too.
    const shownSteps = async () => 4 * (await shownEpoch(page)) + (await shownStep(page));
    const steps = (await shownSteps()) + 1;
    await page.getByRole('button', { name: 'One step' }).click();
    await expect.poll(shownSteps).toBe(steps);
    await untilStage(page, 'paused');
    const place = [await shownEpoch(page), await shownStep(page)] as const;
    await expect.poll(() => kept(page)).toBe(steps);
    const [before, told] = [await results(page), (await evaluated(page)).length];
    const cdp = await frail.newBrowserCDPSession();
    await cdp.send('Browser.crashGpuProcess');
    await page.getByText(`The GPU was lost at epoch ${place[0]}`).waitFor();
    await page
      .getByText(/^The GPU was lost .* Training went on on a new device, from epoch/)
      .waitFor({ timeout: 40_000 });
    await untilStage(page, 'paused');
    expect([await shownEpoch(page), await shownStep(page)]).toEqual(place);
    expect(await results(page)).toBe(before);
    // Nothing was trained again.
    expect(await evaluated(page)).toHaveLength(told);
    await expectWellMade(page);
    await page.getByRole('button', { name: 'Play' }).click();
    await untilStage(page, 'finished');
    expect((await evaluated(page)).filter((epoch) => epoch <= place[0])).toHaveLength(told);
    const recovered = await results(page);
    await restartToEnd(page);
    expect(await results(page)).toBe(recovered);
    await context.close();
  });

  test('in training: the run goes on from the state that was kept last, and does not begin anew', async () => {
    // A state is kept every three seconds of the worker's clock, which is made to run ten times as fast.
    const { page, context } = await watched(
      '?layers=none&epochs=1000000',
      'const now = performance.now.bind(performance); performance.now = () => 10 * now()',
    );
    await expect.poll(() => kept(page), { timeout: 40_000 }).toBeGreaterThan(0);
    const cdp = await frail.newBrowserCDPSession();
    await cdp.send('Browser.crashGpuProcess');
    const toldOf = page.getByText(/Training went on on a new device, from epoch [\d,]+/);
    await toldOf.waitFor({ timeout: 40_000 });
    const before = await lost(page);
    // A full batch: as many steps as epochs.
    expect(await toldOf.innerText()).toContain(`from epoch ${before.kept}`);
    const again = async () => (await evaluated(page)).slice(before.epochs);
    await expect.poll(async () => (await again()).length, { timeout: 40_000 }).toBeGreaterThan(0);
    expect(Math.min(...(await again()))).toBeGreaterThan(0);
    // The chart has every epoch once.
    await page.getByRole('button', { name: 'Pause' }).click();
    await untilStage(page, 'paused');
    await page.getByText('The curves as a table').click();
    const heads = await page
      .getByRole('region', { name: 'Loss and accuracy by epoch' })
      .getByRole('rowheader')
      .allInnerTexts();
    expect(new Set(heads).size).toBe(heads.length);
    await context.close();
  });

  test('that cannot come back is told, with the curves so far and a way to begin again', async () => {
    const { page, context } = await visit(browser, `${site.url}?layers=none&epochs=4`, {
      prepare: (blank) =>
        prependToWorker(
          blank,
          `const { postMessage: post } = self;
           self.postMessage = (message) => {
             post(message);
             if (message.type === 'progress' && message.points.length) {
               post({ run: message.run, type: 'failed', code: 'device-lost', message: 'gone' });
             }
           }`,
        ),
    });
    await expectNotice(page, 'The GPU was lost', 'device-lost');
    await expectWellMadeToo(page);
    expect(await page.getByRole('img', { name: /^Loss / }).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Start again' }).isEnabled()).toBe(true);
    await context.close();
  });
});
