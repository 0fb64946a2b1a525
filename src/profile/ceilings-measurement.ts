// The measurement of ceilings: from the times of probes' submits to rates, how sure these are, and which cannot be true.

import { median } from '../base/statistics';
import type { Bounds } from './ceiling-bounds';
import type { CeilingName, ExtentProbe, Probe } from './ceilings-probes';

/** What is measured with: the probes of a device, or of one that a test makes up. */
export interface ProbeSet {
  readonly all: readonly Probe[];
  /** By ascending size. */
  readonly extents: readonly ExtentProbe[];
  /** Bytes of the source that fits in the nearest cache. */
  readonly smallBytes: number;
}

/** Amounts a second: FLOP, bytes or dispatches. */
export interface MeasuredRate extends Bounds {
  readonly value: number;
  /** Why it cannot be true, as the end of a sentence; undefined where nothing speaks against it. */
  readonly doubt: string | undefined;
}

/** The rates of one measurement. */
export interface MeasuredRates {
  readonly rates: Readonly<Record<CeilingName, MeasuredRate>>;
  readonly cacheBytes: number;
}

/** Time in ms that a submit takes longer than an idle one: many times the rounding of clocks, far from any watchdog. */
const TARGET = 12;

/** And at most, whatever the idle ones take. */
const MOST_TARGET = 250;

/** Times the scatter of idle submits that this difference is at least, so that they move a rate by an eighth at most. */
const SCATTERS = 8;

/** Below so many times the scatter, nothing is known. */
const FEWEST_SCATTERS = 3;

/** Times an idle submit that the difference is at least: where completion is polled for, work hides in the time to the next poll. */
const IDLES = 4;

/** Readings that differ by less, in ms, are equal: no clock of a browser is finer than 5 µs. */
const SAME = 1e-3;

/** Idle submits before each probe. */
const IDLE_RUNS = 4;

/** Turns of a submit at most; a launch is encoded one by one. */
const MOST_TURNS = 2 ** 20;
const MOST_LAUNCHES = 2 ** 16;

/** Times as many turns as before at most, while a submit is short; and once it is not. */
const MOST_GROWTH = 16;
const CAREFUL_GROWTH = 4;

/** Rounds over all probes, in alternation; and at most, over those whose fastest submit stands alone. */
const ROUNDS = 6;
const MOST_ROUNDS = 24;

/** Time of all submits, in ms, after which nothing is measured beyond the rounds that all probes have. */
const PATIENCE = 4000;

/** Times the fastest difference within which the second fastest confirms it. */
const CONFIRMED = 1.1;

/** Times the bandwidth of memory from which on a source is in a cache. */
const FASTER = 1.25;

/** Probes below this share of the best at a first look are measured no further: a busy moment makes one three times slower. */
const HOPELESS = 0.3;

const NAMES: readonly CeilingName[] = ['flops', 'memory', 'cache', 'launch'];

/**
 * Amounts a second that no adapter reaches: what exceeds them is an error of the measurement.
 *
 * Each is six times and more what the fastest of 2025 do: 157 TFLOP/s in 32-bit vectors and 8 TB/s of memory (AMD Instinct MI355X, data
 * sheet); 33 TB/s from first caches (NVIDIA H100: 132 multiprocessors of 128 bytes a clock at 1.98 GHz). A dispatch that waits for
 * the one before takes 2 µs and more on GPUs; 50 ns is less than one access to memory.
 */
const IMPOSSIBLE: Readonly<Record<CeilingName, number>> = { flops: 1e15, memory: 5e13, cache: 1e15, launch: 2e7 };

/** Whether an adapter may have such a rate. */
export function isPossible(name: CeilingName, rate: number): boolean {
  return rate > 0 && rate <= IMPOSSIBLE[name];
}

/** A probe and the times of its submits, in ms. */
interface Trial {
  readonly probe: Probe;
  /** Turns of a submit; what was timed with fewer is forgotten. */
  turns: number;
  busy: number[];
}

/**
 * The times of submits of no turn, in ms.
 *
 * In common for all probes with threads: what such a submit takes is the host's and the driver's doing, and a slow one would make its probe look
 * fast.
 */
type Idle = Readonly<Record<'launch' | 'threads', number[]>>;

/**
 * Measures every ceiling.
 *
 * A rate is what the fastest submit of many turns does, over what it takes longer than the fastest one of no turn: whatever else the
 * machine does can only add time. It may be as high as if the typical idle time had been in it, and as low as the typical submit with
 * nothing taken off.
 */
export async function measureRates(probes: ProbeSet, signal?: AbortSignal): Promise<MeasuredRates> {
  const idle: Idle = { launch: [], threads: [] };
  const all: Trial[] = [];
  for (const probe of probes.all) all.push(await calibrate(probe, idle, signal));
  const bestOf = (name: CeilingName): Trial =>
    all
      .filter(({ probe }) => probe.ceiling === name)
      .reduce((best, trial) => (rateOf(trial, idle) > rateOf(best, idle) ? trial : best));
  const limits = new Map(NAMES.map((name) => [name, HOPELESS * rateOf(bestOf(name), idle)]));
  const hopeful = all.filter((trial) => rateOf(trial, idle) >= limits.get(trial.probe.ceiling)!);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const open = new Set(NAMES.filter((name) => round < ROUNDS || !isConfirmed(bestOf(name), idle)));
    if (open.size === 0 || (round >= ROUNDS && spent(all) > PATIENCE)) break;
    const trials = hopeful.filter(({ probe }) => open.has(probe.ceiling));
    for (const kind of new Set(trials.map(({ probe }) => kindOf(probe)))) {
      await runIdle(trials.find(({ probe }) => kindOf(probe) === kind)!.probe, idle);
    }
    for (const trial of round % 2 === 0 ? trials : trials.toReversed()) {
      signal?.throwIfAborted();
      // Calibrated in a busy moment, a submit is too short for a quiet one.
      if (2 * difference(trial.busy, idle[kindOf(trial.probe)]) < target(trial, idle)) lengthen(trial, idle);
      trial.busy.push(await trial.probe.run(trial.turns));
    }
  }
  const rates = {
    flops: judge(bestOf('flops'), idle),
    memory: judge(bestOf('memory'), idle),
    cache: judge(bestOf('cache'), idle),
    launch: judge(bestOf('launch'), idle),
  };
  return { rates, cacheBytes: await cacheExtent(probes, rates.memory.value, rates.cache.value, idle, signal) };
}

/**
 * The largest source that is read faster than memory.
 *
 * Where the nearest cache is hardly faster than memory, as on software, it makes no difference, and its own source is the answer.
 */
async function cacheExtent(
  { extents, smallBytes }: ProbeSet,
  memory: number,
  cache: number,
  idle: Idle,
  signal: AbortSignal | undefined,
): Promise<number> {
  let bytes = smallBytes;
  if (cache < FASTER * memory) return bytes;
  for (const extent of extents) {
    const trial = await calibrate(extent.probe, idle, signal);
    const isFaster = () => rateOf(trial, idle) >= FASTER * memory;
    for (let round = 0; round < ROUNDS && !isFaster(); round++) {
      signal?.throwIfAborted();
      trial.busy.push(await trial.probe.run(trial.turns));
    }
    if (!isFaster()) break;
    bytes = extent.bytes;
  }
  return bytes;
}

/** Finds how many turns make a submit longer than an idle one by what it takes to tell; the first submits also warm the kernel. */
async function calibrate(probe: Probe, idle: Idle, signal: AbortSignal | undefined): Promise<Trial> {
  await probe.run(1);
  for (let i = 0; i < IDLE_RUNS; i++) await runIdle(probe, idle);
  const trial: Trial = { probe, turns: 1, busy: [] };
  const isLong = () => difference(trial.busy, idle[kindOf(probe)]) >= target(trial, idle);
  for (;;) {
    signal?.throwIfAborted();
    trial.busy.push(await probe.run(trial.turns));
    // One slow submit may be the machine's doing: so few turns that they tell nothing would be taken for enough.
    if (isLong()) trial.busy.push(await probe.run(trial.turns));
    if (isLong() || !lengthen(trial, idle)) return trial;
  }
}

/** What a trial's submits should take longer than an idle one, in ms. */
function target({ probe, busy }: Trial, idle: Idle): number {
  const idles = idle[kindOf(probe)];
  return Math.min(MOST_TARGET, Math.max(TARGET, SCATTERS * scatter(busy, idles), IDLES * fastest(idles)));
}

/** Gives a trial more turns, and forgets its times. @returns false, and does nothing, where it has as many as there may be */
function lengthen(trial: Trial, idle: Idle): boolean {
  const { probe, turns, busy } = trial;
  const most = probe.ceiling === 'launch' ? MOST_LAUNCHES : MOST_TURNS;
  if (turns === most) return false;
  const growth = fastest(busy) < TARGET ? MOST_GROWTH : CAREFUL_GROWTH;
  const wanted = (1.1 * target(trial, idle)) / Math.max(difference(busy, idle[kindOf(probe)]), SAME);
  trial.turns = Math.min(most, Math.ceil(turns * Math.min(growth, Math.max(1.5, wanted))));
  trial.busy = [];
  return true;
}

const fastest = (times: readonly number[]): number => Math.min(...times);

/** The time of all submits so far, in ms. */
const spent = (trials: readonly Trial[]): number =>
  trials.reduce((sum, { busy }) => sum + busy.reduce((total, time) => total + time, 0), 0);

/** What the fastest submit takes longer than the fastest idle one, in ms. */
const difference = (busy: readonly number[], idles: readonly number[]): number => fastest(busy) - fastest(idles);

/** How far the time of an idle submit is unknown, in ms: its scatter, and the step of the clock that it is read from. */
function scatter(busy: readonly number[], idles: readonly number[]): number {
  return Math.max(median(idles) - fastest(idles), clockStep([...busy, ...idles]));
}

/** The smallest difference of readings, zero among them: the step of a coarse clock, next to nothing on a fine one. */
function clockStep(readings: readonly number[]): number {
  const ascending = [0, ...readings].toSorted((a, b) => a - b);
  const steps = ascending.slice(1).map((reading, i) => reading - ascending[i]!);
  return Math.min(...steps.filter((step) => step > SAME), TARGET);
}

/** A launch of no turn records no dispatch. */
function kindOf({ ceiling }: Probe): keyof Idle {
  return ceiling === 'launch' ? 'launch' : 'threads';
}

async function runIdle(probe: Probe, idle: Idle): Promise<void> {
  idle[kindOf(probe)].push(await probe.run(0));
}

/** Amounts a second in a submit of so many ms; none where it took no time. */
function perSecond({ probe, turns }: Trial, milliseconds: number): number {
  return milliseconds > 0 ? (1000 * probe.amount * turns) / milliseconds : 0;
}

/** Amounts a second of the fastest submit; 0 where it took no longer than an idle one. */
function rateOf(trial: Trial, idle: Idle): number {
  return perSecond(trial, difference(trial.busy, idle[kindOf(trial.probe)]));
}

/** Whether a second submit was about as fast as the fastest. */
function isConfirmed({ probe, busy }: Trial, idle: Idle): boolean {
  const least = fastest(idle[kindOf(probe)]);
  const [first, second] = busy.toSorted((a, b) => a - b);
  return second !== undefined && second - least <= CONFIRMED * (first! - least);
}

/** The rate that a trial shows, and whether it can be believed. */
function judge(trial: Trial, idle: Idle): MeasuredRate {
  const { probe, busy } = trial;
  const idles = idle[kindOf(probe)];
  const value = rateOf(trial, idle);
  const low = Math.min(value, perSecond(trial, median(busy)));
  const high = Math.max(value, perSecond(trial, fastest(busy) - median(idles)));
  const resolved = difference(busy, idles) >= FEWEST_SCATTERS * scatter(busy, idles);
  const seen = `submits of work take ${milliseconds(fastest(busy))}, and those of none ${milliseconds(fastest(idles))} to ${milliseconds(Math.max(...idles))}`;
  if (!resolved) return { value, low, high, doubt: seen };
  const doubt = isPossible(probe.ceiling, high)
    ? undefined
    : `no adapter does ${high.toPrecision(3)} a second, and ${seen}`;
  return { value, low, high, doubt };
}

const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`;
