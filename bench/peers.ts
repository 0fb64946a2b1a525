// The peers as Node sees them: pages of one Chromium, and NumPy in a process of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright';
import type { Batch } from './page/main';
import { profile } from './script-time';
import { productData, type Task, trainingData } from './tasks';

/** Every peer, in the order of the report. */
export const PEERS: readonly string[] = [
  'underglass',
  'underglass-untuned',
  'underglass-naive',
  'tfjs-webgpu',
  'tfjs-wasm',
  'jax-js-webgpu',
  'jax-js-wasm',
  'numpy',
];

/** This project with each network in a group of its own: no peer, but what training them together is held against. */
export const APART = 'underglass-apart';

/** A batch of steps, timed by the peer itself. */
export interface Sample {
  readonly milliseconds: number;
  /** Undefined where no GPU is at work. */
  readonly dispatches: number | undefined;
  /** CPU time of the page's main thread, in ms; undefined outside a browser. */
  readonly mainThread: number | undefined;
}

/** A peer that waits for orders. */
export interface Contestant {
  readonly name: string;
  /** What it says of itself. */
  readonly description: string;
  /** Whether it times kernels while it prepares. */
  readonly tunes: boolean;
  prepare(task: Task): Promise<void>;
  step(count: number): Promise<Sample>;
  score(): Promise<number>;
  /** A batch of steps, and the share of JavaScript in what the page's main thread did meanwhile; undefined outside a browser. */
  profile(count: number): Promise<{ readonly sample: Sample; readonly share: number | undefined }>;
  close(): Promise<void>;
}

/** Starts a peer. @throws Error where it cannot run here */
export async function openPeer(name: string, browser: Browser, url: string): Promise<Contestant> {
  return name === 'numpy' ? openNumpy() : openPage(name, browser, url);
}

/** How long a start and one order may take, in ms. */
const START_DEADLINE = 45_000;
const DEADLINE = 180_000;

/** Every peer but NumPy: those of the first step from a cold page. */
export const PAGES: readonly string[] = PEERS.filter((name) => name !== 'numpy');

async function openPage(name: string, browser: Browser, url: string): Promise<Contestant> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${url}?peer=${name}`);
    await page.waitForFunction(() => 'bench' in globalThis);
    const description = await inTime(
      page.evaluate(() => globalThis.bench.started),
      START_DEADLINE,
    );
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const gpu = !name.endsWith('wasm');
    const step = async (count: number): Promise<Sample> => {
      const before = await mainThreadTime(session);
      const batch: Batch = await inTime(page.evaluate((given) => globalThis.bench.step(given), count));
      const mainThread = (await mainThreadTime(session)) - before;
      return { milliseconds: batch.milliseconds, dispatches: gpu ? batch.dispatches : undefined, mainThread };
    };
    return {
      name,
      description,
      tunes: name === 'underglass' || name === APART,
      prepare: (task) => inTime(page.evaluate((given) => globalThis.bench.prepare(given), task)),
      step,
      profile: (count) => profile(session, () => step(count)),
      score: () => inTime(page.evaluate(() => globalThis.bench.score())),
      close: () => context.close(),
    };
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** CPU time that the page's main thread has spent in tasks, in ms. */
async function mainThreadTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

/** Time from asking for a page until the tutorial's first step is done, in ms; the page is new, its cache empty. */
export async function coldStart(name: string, browser: Browser, url: string): Promise<number> {
  return withPage(browser, async (page) => {
    await page.goto(`${url}?peer=${name}&cold`);
    await page.waitForFunction(() => 'bench' in globalThis);
    return inTime(page.evaluate(() => globalThis.bench.cold!));
  });
}

/** Runs `work` on a new page that nothing is shared with. */
export async function withPage<T>(browser: Browser, work: (page: Page) => Promise<T>): Promise<T> {
  const context: BrowserContext = await browser.newContext();
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

async function inTime<T>(answer: Promise<T>, deadline = DEADLINE): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadline / 1000} s`)), deadline);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The system's Python: where NumPy is packaged, it comes with an optimised BLAS. */
const PYTHON = process.platform === 'win32' ? 'python' : '/usr/bin/python3';

interface Answer {
  readonly version?: string;
  readonly milliseconds?: number;
  readonly score?: number;
}

async function openNumpy(): Promise<Contestant> {
  const child = spawn(PYTHON, ['bench/numpy_peer.py'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const answers = new Answers(child, createInterface({ input: child.stdout }));
  const folder = await mkdtemp(join(tmpdir(), 'underglass-bench-'));
  const close = async (): Promise<void> => {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  };
  const ask = async (order: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    return inTime(answers.next());
  };
  const step = async (count: number): Promise<Sample> => {
    const { milliseconds } = await ask({ do: 'step', count });
    return { milliseconds: milliseconds!, dispatches: undefined, mainThread: undefined };
  };
  try {
    const { version } = await inTime(answers.next(), START_DEADLINE);
    return {
      name: 'numpy',
      description: `NumPy ${version}`,
      tunes: false,
      prepare: async (task) => {
        await ask({ do: 'prepare', task, files: await writeNumbers(folder, task) });
      },
      step,
      score: async () => (await ask({ do: 'score' })).score!,
      profile: async (count) => ({ sample: await step(count), share: undefined }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** The lines of a process, one for each order. */
class Answers {
  readonly #waiting: Waiting[] = [];
  readonly #arrived: Answer[] = [];
  #failure: Error | undefined;

  constructor(child: ChildProcess, lines: Interface) {
    lines.on('line', (line) => {
      const answer: Answer = JSON.parse(line);
      const next = this.#waiting.shift();
      if (next) next.resolve(answer);
      else this.#arrived.push(answer);
    });
    const fail = (message: string): void => {
      this.#failure ??= new Error(message);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
    };
    child.on('error', () => fail(`${PYTHON} cannot be started`));
    child.on('exit', () => fail(`${PYTHON} stopped; it may have no numpy`));
    child.stdin?.on('error', () => fail(`${PYTHON} takes no orders`));
  }

  next(): Promise<Answer> {
    const arrived = this.#arrived.shift();
    if (arrived) return Promise.resolve(arrived);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }
}

/** Writes a task's numbers to files; returns where they are. */
async function writeNumbers(folder: string, task: Task): Promise<Record<string, string | string[]>> {
  const write = async (name: string, numbers: Float32Array): Promise<string> => {
    const file = join(folder, `${name}.f32`);
    await writeFile(file, numbers);
    return file;
  };
  if (task.kind === 'product') {
    const { a, b } = productData(task);
    return { a: await write('a', a), b: await write('b', b) };
  }
  const { features, oneHot, layers } = trainingData(task);
  return {
    features: await write('features', features),
    oneHot: await write('oneHot', oneHot),
    w: await Promise.all(layers.map(({ w }, i) => write(`w${i}`, w))),
  };
}
