// Shader timings in Chromium, as a person uses them: intervals, the timeline, the roofline, comparing, files.

import { text } from 'node:stream/consumers';
import type { Browser, Download, Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readRecording, type Recording, type TraceFile } from '../../src/index';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  openPanel,
  prependToWorker,
  sharedBrowser,
  shownEpoch,
  untilEpoch,
  untilStage,
  visit,
  type Visit,
} from './site';

declare global {
  /** Requests that the page has sent to its worker, by their type. */
  var sent: Record<string, number>;
}

const site = inject('site');
let browser: Browser;
let the: Visit;
let page: Page;

/** Counts what the page asks of its worker. */
const countRequests = (blank: Page) =>
  blank.addInitScript(`
    globalThis.sent = {};
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      sent[message.type] = (sent[message.type] ?? 0) + 1;
      postMessage.call(this, message, ...rest);
    };`);

beforeAll(async () => {
  browser = await sharedBrowser();
  the = await visit(browser, `${site.url}?layers=16&batch=64&lr=0.05&epochs=100000#timings`, {
    prepare: countRequests,
  });
  page = the.page;
});

afterAll(async () => {
  await browser?.close();
});

const region = (name: string | RegExp) => page.getByRole('region', { name, exact: true });
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const sentSoFar = (type: string) => page.evaluate((name) => sent[name] ?? 0, type);

/** The texts of a column of the table's operations, from 0. */
const column = (place: number) =>
  region('Operation by operation')
    .locator(`tbody tr:not(.phase) > :nth-child(${place + 1})`)
    .allInnerTexts();

/** How much of its limit an operation reaches; of one of several where the spread of the ceilings leaves it open. */
const LIMIT = /^(about )?\d+% of (compute|memory|cache|launch)( or (compute|memory|cache|launch))*$/;

/** Presses a button and reads the file that it gives. */
async function downloaded(name: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    region('Take it along').getByRole('button', { name, exact: true }).click(),
  ]);
  return contentOf(file);
}

/** The browser runs elsewhere, so its files come as streams. */
async function contentOf(file: Download): Promise<string> {
  return text(await file.createReadStream());
}

/** A time as the page writes it, in µs. */
function microseconds(words: string): number {
  const [, number, unit] = /^([\d.]+) (ns|µs|ms|s)$/.exec(words)!;
  return Number(number) * { ns: 1e-3, µs: 1, ms: 1e3, s: 1e6 }[unit!]!;
}

let recording: Recording;

test('while it trains, every operation has a mean with an interval, and the shares add up to the step', async () => {
  const samples = async () => Number((await column(9))[0]?.replaceAll(',', '') ?? 0);
  await expect.poll(samples, { timeout: 40_000 }).toBeGreaterThan(10);
  const first = await samples();
  await expect.poll(samples, { timeout: 20_000 }).toBeGreaterThan(first);
  const [means, shares] = [await column(1), await column(2)];
  expect(means).toHaveLength(5);
  for (const mean of means) expect(mean).toMatch(/^([\d.]+ (µs|ms) ± [\d.]+ (ns|µs|ms)|< [\d.]+ µs)$/);
  const sum = shares.reduce((total, each) => total + Number.parseFloat(each), 0);
  // Each share is rounded to 0.1 points.
  expect(Math.abs(sum - 100)).toBeLessThan(0.05 * shares.length + 0.01);
});

test('measures on request what the adapter can do while training waits, and draws every operation below it', async () => {
  const epoch = await shownEpoch(page);
  await button('Measure what this adapter can do').click();
  const options = page.getByRole('listbox', { name: /^Operations under the roofline/ }).getByRole('option');
  await expect.poll(() => options.count(), { timeout: 40_000 }).toBe(5);
  for (const each of await column(3)) expect(each).toMatch(LIMIT);
  expect(await page.getByRole('img', { name: /^Roofline: [\d.]+ .FLOP\/s at most/ }).count()).toBe(1);
  const facts = await page.locator('dl.ceilings dd').allInnerTexts();
  expect(facts[0]).toMatch(/^[\d.]+ .?FLOP\/s( \([\d.]+ .? to [\d.]+ .?\))? in chains of multiply-adds$/);
  await page.getByText('The roofline as a table').click();
  const numbers = region('Operations under the roofline, as numbers').getByRole('row');
  await expect.poll(() => numbers.count()).toBe(6);
  // It goes on by itself.
  await untilEpoch(page, epoch + 5);
  await page.getByRole('listbox', { name: /^Operations under/ }).focus();
  await page.keyboard.press('End');
  await expect.poll(() => page.locator('.roofline-reading b').innerText()).toBe('update');
});

test('asks for nothing while another panel is open', async () => {
  await openPanel(page, 'Curves');
  const asked = await sentSoFar('record');
  await untilEpoch(page, (await shownEpoch(page)) + 40);
  expect(await sentSoFar('record')).toBe(asked);
  await openPanel(page, 'Shader timings');
  await expect.poll(() => sentSoFar('record')).toBeGreaterThan(asked);
});

test('at rest, the parts of the wall-clock time add up to it', async () => {
  await button('Pause').click();
  await untilStage(page, 'paused');
  const legend = region('Where the wall-clock time went');
  // Of one moment: the recording of the rest can come in between.
  const texts = await legend
    .locator('tr td:nth-child(2)')
    .evaluateAll((cells) => cells.map(({ textContent }) => textContent ?? ''));
  const times = texts.map(microseconds);
  const whole = times.pop()!;
  expect(times).toHaveLength(6);
  // Three digits each: half a unit of the last of the largest, and of the sum.
  expect(Math.abs(times.reduce((a, b) => a + b) - whole)).toBeLessThan(0.012 * whole);
  expect(whole).toBeGreaterThan(0);
  const terms = await region('How sure these numbers are').locator('dd b').allInnerTexts();
  expect(terms[0]).toMatch(/ns|µs/);
  expect(terms[2]).toMatch(/^(free|locked|unknown)$/);
  expect(terms[3]).toMatch(/^[\d.]+ times \([\d.]+ to [\d.]+\)$/);
});

test('the timeline is walked, zoomed and read by keyboard', async () => {
  const list = page.getByRole('listbox', { name: /^Timeline/ });
  const current = () => list.getByRole('option').getAttribute('aria-label');
  const reading = page.locator('.bar-reading');
  const labels = (await column(0)).map((each) => each.trim());
  await list.focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Home']) await page.keyboard.press(key);
  for (const label of labels) {
    expect(await current()).toMatch(new RegExp(`^${label}, .*, operation$`));
    expect(await reading.innerText()).toContain(label);
    await page.keyboard.press('ArrowRight');
  }
  for (const fact of ['kernel', 'variant', 'workgroups', 'mean ± 95%', 'FLOPs', 'bytes']) {
    expect(await reading.getByText(fact, { exact: true }).count(), fact).toBe(1);
  }
  const all = button('All');
  expect(await all.isDisabled()).toBe(true);
  await page.keyboard.press('+');
  await expect.poll(() => all.isDisabled()).toBe(false);
  await page.keyboard.press('0');
  await expect.poll(() => all.isDisabled()).toBe(true);
  await page.keyboard.press('Enter');
  await expect.poll(() => all.isDisabled()).toBe(false);
  await page.keyboard.press('Escape');

  await page.getByLabel('the run, as recorded').check();
  await page.getByText(/^[\d,]+ submits on the host’s clock/).waitFor();
  await list.focus();
  expect(await current()).toMatch(/^encode submit 1 of \d+, /);
  for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  expect(await current()).toMatch(/^submit \d+ of \d+, \d+ steps?, .*, GPU$/);
});

test('the timeline is zoomed by wheel and button, moved by dragging, and read below the pointer', async () => {
  await page.getByLabel('one step, by means').check();
  const list = page.getByRole('listbox', { name: /^Timeline/ });
  await list.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await list.boundingBox())!;
  await page.mouse.move(x + 2, y + (5 / 6) * height);
  await expect.poll(() => page.locator('.bar-reading b').innerText()).toBe((await column(0))[0]!.trim());
  const axis = () => page.locator('.flame-axis').innerText();
  const whole = await axis();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await expect.poll(axis).not.toBe(whole);
  await button('Zoom in').click();
  const before = await axis();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 4, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(axis).not.toBe(before);
  await button('All').click();
  await expect.poll(axis).toBe(whole);
});

test('each file is what it says: the recording loads again, the trace and the tables have every operation', async () => {
  recording = readRecording(await downloaded('Recording'), 'the download');
  const labels = (await column(0)).map((each) => each.trim());
  expect(recording.operations.map(({ label }) => label)).toEqual(labels);
  expect(recording.ceilings?.flops).toBeGreaterThan(0);
  expect(recording.config).toMatchObject({ sizes: [64, 16, 10], program: 'fused', batch: 64 });

  const { traceEvents }: TraceFile = JSON.parse(await downloaded('Trace'));
  const passes = traceEvents.filter(({ ph, name }) => ph === 'X' && labels.includes(name));
  const recorded = recording.timeline.flatMap((submit) => submit.passes).filter(({ operation }) => operation !== null);
  expect(recorded.length).toBeGreaterThan(5 * 10);
  expect(passes).toHaveLength(recorded.length);

  const lines = (await downloaded('CSV')).trimEnd().split('\r\n');
  expect(lines.map((line) => line.split(',')[0])).toEqual(['operation', ...labels]);
  const markdown = await downloaded('Markdown');
  for (const label of labels) expect(markdown).toContain(`| ${label} | `);
});

test('shows the passes on the performance track, where the training was', async () => {
  await button('Show in DevTools').click();
  await page.getByText(/passes of the latest submits are on the track/).waitFor();
  const entries = await page.evaluate(() =>
    performance.getEntriesByType('measure').map((entry) => {
      return {
        name: entry.name,
        begin: entry.startTime,
        end: entry.startTime + entry.duration,
        track: entry instanceof PerformanceMeasure && entry.detail?.devtools?.track,
      };
    }),
  );
  const now = await page.evaluate(() => performance.now());
  const shown = recording.timeline.slice(-96).flatMap(({ passes }) => passes);
  expect(entries.map(({ name }) => name).toSorted()).toEqual(shown.map(({ name }) => name).toSorted());
  expect(entries.every(({ track, begin, end }) => track === 'GPU passes' && begin > 0 && end < now)).toBe(true);
});

test('a file that is no recording, or only a part of one, is answered in one sentence', async () => {
  const input = page.getByLabel('Open a recording …');
  const answer = region('Compare').getByRole('alert');
  const files = [
    ['notes.json', '{"hello": 1}', /notes\.json: not a recording/i],
    [
      'half.json',
      JSON.stringify(recording).slice(0, 5000),
      /half\.json: the recording is cut off after 5000 characters/i,
    ],
    ['old.json', JSON.stringify({ ...recording, version: 99 }), /old\.json: a recording of version 99/i],
    [
      'bent.json',
      JSON.stringify({ ...recording, clock: 'sundial' }),
      /bent\.json: a damaged recording: clock is "sundial"/i,
    ],
  ] as const;
  for (const [name, content, sentence] of files) {
    await input.setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
    await expect.poll(() => answer.innerText()).toMatch(sentence);
  }
  expect(await page.getByRole('radio', { name: /from a file/ }).count()).toBe(0);
});

test('a recording from a file is compared; with the same one, no difference is more than noise', async () => {
  const file = { name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(recording)) };
  await page.getByLabel('Open a recording …').setInputFiles(file);
  const table = region('Compared with mine.json');
  await expect.poll(() => table.locator('tbody tr').count()).toBe(5);
  expect(new Set(await table.locator('tbody td:last-child').allInnerTexts())).toEqual(new Set(['noise']));
  expect(await region('Compare').getByRole('alert').innerText()).toBe('');
  await button('Keep to compare').click();
  await page.getByRole('radio', { name: /^run 1: 64-16-10, fused, batch 64 kept$/ }).waitFor();
  await button('Forget mine.json').click();
  await expect.poll(() => page.getByRole('radio', { name: /mine\.json/ }).count()).toBe(0);
});

test('has nothing for axe to complain of, in any of its states, and never scrolls sideways', async () => {
  await region(/^Compared with run 1/).waitFor();
  await expectAccessible(page, ['light', 'dark'], '#panel');
  await page.getByLabel('the run, as recorded').check();
  await page.getByRole('listbox', { name: /^Timeline/ }).focus();
  await expectAccessible(page, ['light'], '.step-timeline');
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 900 });
}, 120_000); // axe looks at a thousand elements, in light and in dark

test('a naive run is compared with the fused one before it, work by work', async () => {
  await page.locator('#field-program').selectOption('naive');
  await button('Train with these').click();
  const table = region(/^Compared with run 1: 64-16-10, fused/);
  await table.waitFor({ timeout: 40_000 });
  await page.getByText('The programs differ, so operations are added up by the work that they do.').waitFor();
  const works = await table.locator('tbody th').allInnerTexts();
  expect(works).toEqual(expect.arrayContaining(['dense1 forward', 'dense2 loss', 'dense1 backward', 'update']));
  expect(await page.getByRole('radio', { name: /the run before$/ }).count()).toBe(1);
  await expect
    .poll(() => table.locator('tfoot td:last-child').last().innerText(), { timeout: 40_000 })
    .toMatch(/slower|noise|faster/);
});

test('an operation leads to its shader', async () => {
  await button('Pause').click();
  await untilStage(page, 'paused');
  await region('Operation by operation').getByRole('link', { name: 'dense2 weight gradient' }).click();
  expect(new URL(page.url()).hash).toBe('#shaders');
  await expect.poll(() => page.getByLabel('Operation').inputValue()).toBe('dense2 weight gradient');
  await openPanel(page, 'Shader timings');
});

test('asks nobody but its own host, and logs no error; Perfetto is a link that one may follow', async () => {
  const perfetto = page.getByRole('link', { name: 'open Perfetto' });
  expect(await perfetto.getAttribute('href')).toBe('https://ui.perfetto.dev');
  expect(await perfetto.getAttribute('rel')).toBe('noreferrer');
  expect(the.foreign).toEqual([]);
  expect(the.errors).toEqual([]);
});

test('what the adapter can do is remembered for the next visit', async () => {
  await page.reload();
  await page.locator('.roofline-plot').waitFor({ timeout: 40_000 });
  expect(await sentSoFar('measure')).toBe(0);
  await the.context.close();
});

test('under the rounding of every other browser, means keep their intervals, and what cannot be told is a bound', async () => {
  const { page: another, context } = await visit(
    browser,
    `${site.url}?layers=none&batch=16&lr=0.05&epochs=100000#timings`,
    {
      prepare: (blank) =>
        prependToWorker(
          blank,
          // Tests run with exact stamps; browsers clear the low 16 bits.
          `const Exact = BigUint64Array;
         globalThis.BigUint64Array = class extends Exact {
           constructor(...all) {
             super(...all);
             if (all[0] instanceof ArrayBuffer) this.forEach((stamp, i) => { this[i] = stamp & ~0xffffn; });
           }
         }`,
        ),
    },
  );
  await another.getByText('rounded to 65.536 µs by the browser').waitFor({ timeout: 40_000 });
  const means = another.locator('.operation-table tbody tr:not(.phase) td:nth-child(2)');
  const told = async () => (await means.allInnerTexts()).filter((mean) => mean !== '–');
  await expect.poll(async () => (await told()).length, { timeout: 40_000 }).toBe(3);
  for (const mean of await told()) expect(mean).toMatch(/^([\d.]+ (µs|ms) ± [\d.]+ (µs|ms)|< [\d.]+ (µs|ms))$/);
  await context.close();
});

test('what was recorded stays when the run ends before its time', async () => {
  const { page: another, context } = await visit(browser, `${site.url}?layers=none&epochs=100000#timings`, {
    prepare: (blank) =>
      prependToWorker(
        blank,
        `const { postMessage: post } = self;
         let recordings = 0;
         self.postMessage = (message) => {
           post(message);
           if (message.type === 'recording' && ++recordings === 2) {
             post({ run: message.run, type: 'failed', code: 'internal', message: 'gone' });
           }
         }`,
      ),
  });
  await another.getByText('The run ended before its time; this was recorded until then.').waitFor({ timeout: 40_000 });
  expect(await another.locator('.operation-table tbody tr:not(.phase)').count()).toBe(3);
  const [file] = await Promise.all([
    another.waitForEvent('download'),
    another.getByRole('button', { name: 'Recording', exact: true }).click(),
  ]);
  expect(readRecording(await contentOf(file), 'it').timeline.length).toBeGreaterThan(0);
  await context.close();
});
