// One run: ceilings, every task with all peers in turn, cold pages, growth; then the report.

import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem, type as systemType, release } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { fail } from '../src/cli/failure';
import { measureTask, reason, rounded, spread, turn } from './measure';
import { type Options, parseOptions } from './options';
import { coldStart, type Contestant, openPeer, withPage } from './peers';
import { plot } from './plot';
import { Progress } from './progress';
import type { Ceilings, GrowthRow, Results, Row } from './results';
import { installPeers, launch, serve, type Site } from './site';
import { report } from './table';
import { FIRST_STEP, GROWTHS, TASKS, type TrainingTask } from './tasks';

/** Runs the benchmark. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(argv);
    const results = await run(options);
    await mkdir(options.out, { recursive: true });
    await writeFile(join(options.out, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
    await writeFile(join(options.out, 'results.svg'), plot(results));
    process.stdout.write(report(results));
    process.stdout.write(`\nWritten: ${join(options.out, 'results.json')} and ${join(options.out, 'results.svg')}\n`);
    return results.rows.length > 0 ? 0 : 1;
  } catch (error) {
    return fail(error, 'npm run bench -- --help');
  }
}

async function run(options: Options): Promise<Results> {
  const progress = new Progress(process.stderr);
  const show = (text: string): void => progress.show(text);
  const closers: (() => Promise<unknown>)[] = [];
  // An interrupted run must not leave a browser or a server behind.
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    void Promise.allSettled(closers.toReversed().map((close) => close())).then(() => process.exit(130));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    await installPeers(show);
    show('building the page');
    const site = await serve();
    closers.push(() => site.close());
    show('starting the browser');
    const browser = await launch();
    closers.push(() => browser.close());
    const results = await new Run(options, browser, site, show).all();
    // Closing the browser made every peer fail: no results, and the handler ends the process.
    if (interrupted) return await new Promise<never>(() => undefined);
    return results;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await Promise.allSettled(closers.toReversed().map((close) => close()));
    progress.end();
  }
}

/** What one run holds while it lasts. */
class Run {
  readonly #options: Options;
  readonly #browser: Browser;
  readonly #site: Site;
  readonly #show: (text: string) => void;
  readonly #contestants = new Map<string, Contestant>();
  readonly #rows: Row[] = [];
  readonly #growth: GrowthRow[] = [];
  readonly #notes: string[] = [];

  constructor(options: Options, browser: Browser, site: Site, show: (text: string) => void) {
    this.#options = options;
    this.#browser = browser;
    this.#site = site;
    this.#show = show;
  }

  async all(): Promise<Results> {
    const date = new Date().toISOString();
    const { device, ceilings } = await this.#ceilings();
    try {
      for (const name of this.#options.peers) await this.#open(name);
      for (const task of TASKS) {
        if (this.#options.tasks.includes(task.name)) await this.#measure(task);
      }
      if (this.#options.growth) await this.#grow();
    } finally {
      await this.#close();
    }
    if (this.#options.tasks.includes(FIRST_STEP)) await this.#coldStarts();
    return {
      date,
      machine: {
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: cpus().length,
        memoryGB: Math.round(totalmem() / 2 ** 30),
        system: `${systemType()} ${release()}`,
        node: process.versions.node,
        browser: `Chromium ${this.#browser.version()}`,
      },
      device,
      quick: this.#options.quick,
      ceilings,
      rows: this.#rows,
      growth: this.#growth,
      notes: this.#notes,
    };
  }

  async #ceilings(): Promise<{ device: string; ceilings: Ceilings | null }> {
    this.#show('ceilings of the adapter');
    try {
      return await withPage(this.#browser, async (page) => {
        await page.goto(`${this.#site.url}?ceilings`);
        await page.waitForFunction(() => 'ceilings' in globalThis);
        return page.evaluate(() => globalThis.ceilings);
      });
    } catch (error) {
      this.#notes.push(`the ceilings were not measured: ${reason(error)}`);
      return { device: 'none', ceilings: null };
    }
  }

  async #open(name: string): Promise<void> {
    this.#show(`starting ${name}`);
    try {
      this.#contestants.set(name, await openPeer(name, this.#browser, this.#site.url));
    } catch (error) {
      this.#notes.push(`${name} does not run here: ${reason(error)}`);
    }
  }

  async #measure(task: (typeof TASKS)[number]): Promise<void> {
    const contestants = this.#options.peers.flatMap((name) => this.#contestants.get(name) ?? []);
    const { rows, notes, broken } = await measureTask(contestants, task, this.#options, this.#show);
    this.#rows.push(...rows);
    this.#notes.push(...notes);
    for (const contestant of broken) await this.#reopen(contestant);
  }

  /** A peer that failed gets a new page for the next task. */
  async #reopen(contestant: Contestant): Promise<void> {
    await contestant.close().catch(() => undefined);
    this.#contestants.delete(contestant.name);
    await this.#open(contestant.name);
  }

  async #grow(): Promise<void> {
    const contestant = this.#contestants.get('underglass');
    if (!contestant) return;
    const effort = { ...this.#options, rounds: Math.min(5, this.#options.rounds), batch: this.#options.batch / 2 };
    for (const { axis, values, task } of GROWTHS) {
      for (const value of values) {
        const { rows, notes, broken } = await measureTask([contestant], task(value), effort, this.#show);
        this.#notes.push(...notes);
        for (const { medianMs, p10Ms, p90Ms, n } of rows) {
          this.#growth.push({ axis, value, flops: flops(task(value)), medianMs, p10Ms, p90Ms, n });
        }
        if (broken.length > 0) return;
      }
    }
  }

  async #coldStarts(): Promise<void> {
    let peers = this.#options.peers.filter((name) => name !== 'numpy');
    const times = new Map<string, number[]>(peers.map((name) => [name, []]));
    for (let round = 0; round < this.#options.coldRounds; round++) {
      for (const name of turn(peers, round)) {
        this.#show(`${FIRST_STEP}: round ${round + 1} of ${this.#options.coldRounds}, ${name}`);
        try {
          times.get(name)!.push(await coldStart(name, this.#browser, this.#site.url));
        } catch (error) {
          this.#notes.push(`${FIRST_STEP}: ${name} failed: ${reason(error)}`);
          peers = peers.filter((other) => other !== name);
        }
      }
    }
    for (const peer of peers) {
      this.#rows.push({ task: FIRST_STEP, peer, ...rounded(spread(times.get(peer)!)), jsUs: null, dispatches: null });
    }
  }

  async #close(): Promise<void> {
    await Promise.allSettled([...this.#contestants.values()].map((contestant) => contestant.close()));
  }
}

/** Operations of a step's matrix products: one forward, two backward, but for the first layer's input gradient. */
function flops({ sizes, rows }: TrainingTask): number {
  const products = sizes.slice(1).map((outputs, i) => 2 * rows * sizes[i]! * outputs);
  return 3 * products.reduce((sum, value) => sum + value, 0) - products[0]!;
}
