// The trace in a viewer that others wrote: speedscope, served from its package, in a real Chromium.

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
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
let server: Server | undefined;
let origin: string;
let browser: Browser | undefined;

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
  if (!inject('full')) return;
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
  const listening = server;
  await new Promise<void>((done) => void listening.listen(0, '127.0.0.1', done));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  origin = `http://127.0.0.1:${address.port}`;
  browser = await launch(chromiumFlags(inject('adapter')));
});

afterAll(async () => {
  await browser?.close();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
});

/**
 * The rows of the GPU's track, as the viewer shows them; what it could not show instead.
 *
 * There is one profile a track, the GPU's last. Only the sandwich view is text, the others are drawn; it has the longest
 * first, as many as fit.
 */
async function shownRows(page: Page): Promise<string[]> {
  const shows = async (text: RegExp | string): Promise<void> => {
    const broken = page.getByText('Something went wrong');
    await page.getByText(text).first().or(broken).waitFor();
    if (await broken.isVisible()) throw new Error(`the viewer broke before it showed ${String(text)}`);
  };
  await page.goto(`${origin}/index.html#profileURL=${encodeURIComponent(`${origin}/trace.json`)}&title=underglass`);
  await shows('(1/3)');
  await page.getByText('Sandwich').click();
  await shows(/encode \d+ \{/);
  await page.keyboard.press('n');
  await shows(/submit \d+ \{/);
  await page.keyboard.press('n');
  await shows('(3/3)');
  return page.locator('tr').allInnerTexts();
}

// A viewer of others, drawn by WebGL, which breaks now and then on a busy machine: up to three times the test begins anew.
test('speedscope opens the trace of a training: its tracks are there, and operations take as long as they were recorded', {
  retry: 3,
}, async ({ skip }) => {
  skip(!inject('full'), 'only in npm run test:full');
  const page = await browser!.newPage({ viewport: { width: 1280, height: 800 } });
  onTestFinished(() => page.close());
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) elsewhere.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const rows = await shownRows(page);
  for (const [i, { label }] of recording.operations.entries()) {
    const passes = recording.timeline.flatMap((submit) => submit.passes.filter(({ operation }) => operation === i));
    const expected = passes.reduce((sum, { beginUs, endUs }) => sum + endUs - beginUs, 0);
    const row = rows.find((text) => text.includes(`${label} {`));
    // Two decimals of the unit that is shown, which is at least 1.
    expect(Math.abs(totalUs(row) / expected - 1), row).toBeLessThan(0.01);
  }
  expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] });
});

const UNITS: Readonly<Record<string, number>> = { ns: 1e-3, µs: 1, ms: 1e3, s: 1e6 };

/** The first time in a row: `1.23ms (5%)`. */
function totalUs(row = ''): number {
  const [, value, unit] = /([\d.]+)(ns|µs|ms|s) \(/u.exec(row) ?? [];
  return Number(value) * UNITS[unit ?? '']!;
}
