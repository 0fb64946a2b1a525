// What the built page costs its reader: first paint, training from a cold load, and how long the page does not answer.
//
// Usage: npm run build && node bench/page.mjs [seconds of training a row, default 15]

import { chromium } from 'playwright';
import { preview, runnerImport, version } from 'vite';

const SECONDS = Number(process.argv[2] ?? 15);

/** Settings that put different loads on the page: many short epochs, many steps, wide layers; and each panel once. */
const QUERIES = ['?epochs=100000', '?epochs=100000&layers=none', '?epochs=100000&batch=32', '?epochs=100000#timings'];

// The tests' own way to find a browser is TypeScript; Vite loads it.
const load = async (file) => (await runnerImport(file)).module;
const { findChromium } = await load('./src/node/chromium');
const { chromiumFlags } = await load('./test/support/chromium-flags');
const found = await findChromium();
const flags = chromiumFlags(process.env.UNDERGLASS_ADAPTER === 'gpu' ? 'gpu' : 'software');
if (!found) throw new Error('This needs a browser; install Chrome or Chromium (not as a snap).');

const server = await preview({
  configFile: false,
  build: { outDir: 'dist/page' },
  preview: { host: '127.0.0.1', port: 0, open: false },
  logLevel: 'silent',
});
const { port } = server.httpServer.address();
const browser = await chromium.launch({
  executablePath: found.executable,
  args: flags,
  env: { ...process.env, ...found.env },
});
console.log(`Chromium ${browser.version()}, Vite ${version}, ${SECONDS} s a row; a long task takes over 50 ms`);

try {
  for (const query of QUERIES) {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.addInitScript(() => {
      globalThis.longTasks = [];
      new PerformanceObserver((list) =>
        globalThis.longTasks.push(...list.getEntries().map((entry) => entry.toJSON())),
      ).observe({
        type: 'longtask',
        buffered: true,
      });
    });
    await page.goto(`http://127.0.0.1:${port}/${query}`);
    const epoch = () => Number(document.querySelector('[data-testid=epoch]')?.textContent.replaceAll(',', '') ?? 0);
    await page.waitForFunction(
      () => Number(document.querySelector('[data-testid=epoch]')?.textContent ?? 0) > 0,
      null,
      { polling: 20 },
    );
    const trains = await page.evaluate(() => performance.now());
    await page.waitForTimeout(SECONDS * 1000);
    const { paint, tasks } = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      tasks: globalThis.longTasks.map(({ startTime, duration }) => ({ startTime, duration })),
    }));
    const training = tasks.filter(({ startTime }) => startTime > trains);
    const longest = Math.max(0, ...training.map(({ duration }) => duration));
    console.log(
      `${query.padEnd(30)} first paint ${paint?.toFixed(0)} ms, first epoch shown ${trains.toFixed(0)} ms, ` +
        `long tasks: ${tasks.length - training.length} while loading, ${training.length} while training (longest ${longest.toFixed(0)} ms), ` +
        `${await page.evaluate(epoch)} epochs`,
    );
    await context.close();
  }
} finally {
  await browser.close();
  await server.close();
}
