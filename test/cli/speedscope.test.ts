// The trace in a viewer that others wrote: speedscope, served from its package, in a real Chromium.

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, resolve } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { traceOf } from '../../src/profile/trace';
import { launch } from '../page/site';
import { tutorialSplit } from '../../src/data/digits';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import type { Recording } from '../../src/profile/recording';
import { Group } from '../../src/train/group';
import { chromiumFlags } from '../support/chromium-flags';
import { openTestDevice } from '../support/device';
import { loadDigits } from '../support/digits';

const FOLDER = resolve('node_modules/speedscope/dist/release');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

let recording: Recording;
let server: Server;
let origin: string;
let browser: Browser;

async function record(): Promise<Recording> {
  const group = await Group.create(await openTestDevice(), {
    network: denseNetwork([64, 12, 10]),
    members: [{ optimiser: optimiser({ learningRate: 0.1 }), seed: 0 }],
    splits: tutorialSplit(await loadDigits()),
    batch: 32,
  });
  try {
    for await (const { epoch } of group.run({ epochs: 10, every: 2 })) expect(epoch).toBeLessThanOrEqual(10);
    return group.recording();
  } finally {
    group.dispose();
  }
}

beforeAll(async () => {
  recording = await record();
  server = createServer((request, response) => {
    const name = new URL(request.url ?? '', 'http://127.0.0.1').pathname;
    const content =
      name === '/trace.json' ? Promise.resolve(JSON.stringify(traceOf(recording))) : readFile(join(FOLDER, name));
    content.then(
      (body) =>
        response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  origin = `http://127.0.0.1:${address.port}`;
  browser = await launch(chromiumFlags(inject('adapter')));
});

afterAll(async () => {
  await browser?.close();
  await new Promise((done) => server.close(done));
});

test('speedscope opens the trace of a training: its tracks are there, and operations take as long as they were recorded', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) elsewhere.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const longest = page.getByText(/encode \d+ \{/).first();
  const broken = page.getByText('Something went wrong');
  // On a busy machine the viewer breaks now and then as its view is changed, with a trace that it shows the next time.
  for (let tries = 3; tries > 0; tries--) {
    complaints.length = 0;
    await page.goto(`${origin}/index.html#profileURL=${encodeURIComponent(`${origin}/trace.json`)}&title=underglass`);
    // One profile a track; the last is the GPU's. Only this view is text, the others are drawn; it has the longest first,
    // as many as fit.
    await page.getByText('(1/3)').waitFor();
    await page.getByText('Sandwich').click();
    await longest.or(broken).waitFor();
    if (!(await broken.isVisible())) break;
    // The address differs in its fragment alone, which loads nothing anew.
    await page.goto('about:blank');
  }
  expect(await broken.isVisible(), complaints.join('\n')).toBe(false);
  await page.keyboard.press('n');
  await page
    .getByText(/submit \d+ \{/)
    .first()
    .waitFor();
  await page.keyboard.press('n');
  await page.getByText('(3/3)').waitFor();
  const shown = await page.locator('tr').allInnerTexts();
  for (const [i, { label }] of recording.operations.entries()) {
    const passes = recording.timeline.flatMap((submit) => submit.passes.filter(({ operation }) => operation === i));
    const expected = passes.reduce((sum, { beginUs, endUs }) => sum + endUs - beginUs, 0);
    const row = shown.find((text) => text.includes(`${label} {`));
    // Two decimals of the unit that is shown, which is at least 1.
    expect(Math.abs(totalUs(row) / expected - 1), row).toBeLessThan(0.01);
  }
  expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] });
  await page.close();
});

const UNITS: Readonly<Record<string, number>> = { ns: 1e-3, µs: 1, ms: 1e3, s: 1e6 };

/** The first time in a row: `1.23ms (5%)`. */
function totalUs(row = ''): number {
  const [, value, unit] = /([\d.]+)(ns|µs|ms|s) \(/u.exec(row) ?? [];
  return Number(value) * UNITS[unit ?? '']!;
}
