// One run: ceilings, every task with all peers in turn, cold pages, growth; then the report.

import { existsSync } from 'node:fs';
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem, type as systemType, release } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { UnderglassError } from '../src/base/errors';
import { because, fail } from '../src/cli/failure';
import { measureTask, reason, rounded, spread, turn } from './measure';
import { type Options, parseOptions } from './options';
import { APART, coldStart, type Contestant, openPeer, PAGES, withPage } from './peers';
import { plot } from './plot';
import { Progress } from './progress';
import type { Ceilings } from '../src/index';
import type { GrowthRow, Results, Row, Spread } from './results';
import { installPeers, launch, serve, type Site } from './site';
import { report } from './table';
import { FIRST_STEP, flopsOf, GROWTHS, MEMBERS, type Task, TASKS } from './tasks';

/** Runs the benchmark. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(argv);
    await makeFolder(options.out);
    const results = await run(options);
    await writeFile(join(options.out, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
    await writeFile(join(options.out, 'results.svg'), plot(results));
    process.stdout.write(report(results));
    process.stdout.write(`\nWritten: ${join(options.out, 'results.json')} and ${join(options.out, 'results.svg')}\n`);
    return results.rows.length > 0 ? 0 : 1;
  } catch (error) {
    return fail(error, 'npm run bench -- --help');
  }
}

/** Before the run, so that it is not for nothing. */
async function makeFolder(path: string): Promise<void> {
  try {
    // Not recursive: below /proc that would never end.
    if (!existsSync(path)) await mkdir(path);
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new UnderglassError(
      'io',
      `--out is ${path}, where nothing can be written: ${because(cause)}; name a folder.`,
      {
        cause,
      },
    );
  }
}

async function run(options: Options): Promise<Results> {
  const progress = new Progress(process.stderr);
  const closers: (() => Promise<unknown>)[] = [];
  // An interrupted run must not leave a browser or a server behind.
  let interrupted = false;
  const show = (text: string): void => {
    if (interrupted) throw new Error('interrupted');
    progress.show(text);
  };
  const interrupt = (): void => {
    interrupted = true;
    void Promise.allSettled(closers.toReversed().map((close) => close())).then(() => process.exit(130));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    await installPeers(show);
    show('building the page');
    const stopwatch = new Stopwatch();
    const site = await serve();
    closers.push(() => site.close());
    stopwatch.lap('building');
    show('starting the browser');
    const browser = await launch();
    closers.push(() => browser.close());
    return await new Run(options, browser, site, show, stopwatch).all();
  } catch (error) {
    // Closing the browser makes everything fail; the handler ends the process.
    if (interrupted) return await new Promise<never>(() => undefined);
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await Promise.allSettled(closers.toReversed().map((close) => close()));
    progress.end();
  }
}

/** How long each part of a run takes, in s. */
class Stopwatch {
  readonly seconds: Record<string, number> = {};
  #last = performance.now();

  get total(): number {
    return Object.values(this.seconds).reduce((sum, value) => sum + value, 0);
  }

  /** What happened since the lap before was `part`. @returns how long that took, in s */
  lap(part: string): number {
    const now = performance.now();
    const took = (now - this.#last) / 1000;
    this.seconds[part] = Number((took + (this.seconds[part] ?? 0)).toFixed(1));
    this.#last = now;
    return took;
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
  readonly #stopwatch: Stopwatch;
  /** For each peer, the task of the most work so far: its FLOP a step, and the time that took in ms. */
  readonly #known = new Map<string, { readonly flops: number; readonly milliseconds: number }>();
  #members: Results['members'] = null;

  constructor(options: Options, browser: Browser, site: Site, show: (text: string) => void, stopwatch: Stopwatch) {
    this.#stopwatch = stopwatch;
    this.#options = options;
    this.#browser = browser;
    this.#site = site;
    this.#show = show;
  }

  async all(): Promise<Results> {
    const date = new Date().toISOString();
    const { device, ceilings } = await this.#ceilings();
    this.#stopwatch.lap('ceilings');
    const tasks = TASKS.filter(({ name }) => this.#options.tasks.includes(name));
    // First, while nothing has warmed the browser.
    if (this.#options.tasks.includes(FIRST_STEP)) await this.#coldStarts();
    this.#stopwatch.lap(FIRST_STEP);
    try {
      if (tasks.length > 0 || this.#options.growth) {
        this.#show('starting the peers');
        await Promise.all(this.#options.peers.map((name) => this.#open(name)));
      }
      this.#stopwatch.lap('starting the peers');
      let longest = 0;
      for (const task of tasks) {
        if (this.#stopwatch.total + longest > this.#options.budget / 1000) {
          this.#notes.push(`${task.name}: the time of --quick was over; name it with --tasks`);
          continue;
        }
        await this.#measure(task);
        longest = Math.max(longest, this.#stopwatch.lap(task.name));
      }
      if (this.#options.growth) await this.#grow();
      this.#stopwatch.lap('growth');
    } finally {
      await this.#close();
    }
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
      members: this.#members,
      seconds: this.#stopwatch.seconds,
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
    try {
      this.#contestants.set(name, await openPeer(name, this.#browser, this.#site.url));
    } catch (error) {
      this.#notes.push(`${name} does not run here: ${reason(error)}`);
    }
  }

  async #measure(task: Task): Promise<void> {
    const apart = task.name === MEMBERS && this.#contestants.has('underglass');
    if (apart) await this.#open(APART);
    const contestants = [...this.#options.peers, APART].flatMap((name) => this.#contestants.get(name) ?? []);
    const flops = flopsOf(task);
    const { rows, notes, broken, steps } = await measureTask(contestants, task, this.#options, this.#show, (peer) => {
      const known = this.#known.get(peer);
      // A peer is hardly slower by the operation at more work.
      return known && flops > known.flops ? (known.milliseconds * flops) / known.flops : undefined;
    });
    for (const [peer, milliseconds] of steps) {
      if (flops > (this.#known.get(peer)?.flops ?? 0)) this.#known.set(peer, { flops, milliseconds });
    }
    this.#rows.push(...rows.filter(({ peer }) => peer !== APART));
    this.#notes.push(...notes);
    for (const contestant of broken) await this.#reopen(contestant);
    if (apart) {
      this.#members = membersOf(task, rows);
      await this.#contestants.get(APART)?.close();
      this.#contestants.delete(APART);
    }
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
          this.#growth.push({ axis, value, flops: flopsOf(task(value)), medianMs, p10Ms, p90Ms, n });
        }
        if (broken.length > 0) return;
      }
    }
  }

  async #coldStarts(): Promise<void> {
    let peers = this.#options.peers.filter((name) => PAGES.includes(name));
    const times = new Map<string, number[]>(peers.map((name) => [name, []]));
    for (let round = 0; round < this.#options.coldRounds; round++) {
      for (const name of turn(peers, round)) {
        // Two fifths of the time are enough for it.
        if (this.#stopwatch.total > (0.4 * this.#options.budget) / 1000) {
          this.#notes.push(`${FIRST_STEP}: ${name} had no time left; name it with --peers`);
          peers = peers.filter((other) => other !== name);
          continue;
        }
        this.#show(`${FIRST_STEP}: round ${round + 1} of ${this.#options.coldRounds}, ${name}`);
        try {
          times.get(name)!.push(await coldStart(name, this.#browser, this.#site.url));
        } catch (error) {
          this.#notes.push(`${FIRST_STEP}: ${name} failed: ${reason(error)}`);
          peers = peers.filter((other) => other !== name);
        }
        this.#stopwatch.lap(FIRST_STEP);
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

/** Networks trained together against the same ones one after another. */
function membersOf(task: Task, rows: readonly Row[]): Results['members'] {
  const [together, apart] = ['underglass', APART].map((name) => rows.find(({ peer }) => peer === name));
  if (!together || !apart) return null;
  const only = ({ medianMs, p10Ms, p90Ms, n }: Spread): Spread => ({ medianMs, p10Ms, p90Ms, n });
  const ratio = Number((together.medianMs / apart.medianMs).toPrecision(3));
  return { task: task.name, together: only(together), apart: only(apart), ratio };
}
