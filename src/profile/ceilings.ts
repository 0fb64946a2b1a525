// Ceilings: what an adapter can do at most, measured once and remembered.

import type { Device } from '../gpu/device';
import { type CeilingName, type Probe, Probes } from './ceilings-probes';

/** What an adapter can do at most. No kernel can be faster, so each has a share of one of them. */
export interface Ceilings {
  /** Floating-point operations a second in chains of multiply-adds, each counted as two. */
  readonly flops: number;
  /** Bytes a second read from memory. */
  readonly memory: number;
  /** Bytes a second read from the cache that is nearest. */
  readonly cache: number;
  /** Bytes up to which data may stay in a cache, that one or a further one: those larger come from memory. */
  readonly cacheBytes: number;
  /** Seconds from one dispatch to the next where each depends on the one before. */
  readonly launch: number;
}

/** Remembers ceilings from run to run; a `TuningStore` fits. What does not make sense is never taken. */
export interface CeilingsStore {
  readonly read: (key: string) => string | undefined;
  readonly write: (key: string, ceilings: string) => void;
}

/** How to measure. */
export interface CeilingsOptions {
  /** Where ceilings are remembered; they are not by default. */
  readonly store?: CeilingsStore;
  /** Stops the measurement after the submit in flight. */
  readonly signal?: AbortSignal;
}

/** The names of all ceilings. */
const CEILINGS: readonly (keyof Ceilings)[] = ['flops', 'memory', 'cache', 'cacheBytes', 'launch'];

/** Counts the ways of measuring: what was remembered of another is measured anew. */
const METHOD = 3;

/** Time of a probe's submit in ms: many times the rounding of clocks, far from any watchdog, and all rounds in two seconds. */
const TARGET = 12;

/** Turns of a submit at most; a launch is encoded one by one. */
const MOST_TURNS = 2 ** 20;
const MOST_LAUNCHES = 2 ** 14;

/** Rounds over all probes, in alternation. */
const ROUNDS = 6;

/** Times the bandwidth of memory from which on a source is in a cache. */
const FASTER = 1.25;

/** Probes below this share of the best at a first look are measured no further. */
const HOPELESS = 0.6;

/**
 * Measures what an adapter can do at most, in about two seconds.
 *
 * A rate is what a submit of many turns does, over what it takes longer than one of no turn, so that
 * the price of a submit drops out. Of several kernels the fastest counts, and of several rounds the
 * fastest submit, since whatever else the machine does can only add time. Leaves no memory allocated.
 *
 * @throws UnderglassError `out-of-memory` or `device-lost`; the signal's reason once that is aborted.
 */
export async function measureCeilings(device: Device, { store, signal }: CeilingsOptions = {}): Promise<Ceilings> {
  const key = keyOf(device);
  const known = parse(store?.read(key));
  if (known) return known;
  signal?.throwIfAborted();
  const probes = await Probes.create(device);
  try {
    const ceilings = await measure(probes, signal);
    device.check();
    if (isCeilings(ceilings)) store?.write(key, JSON.stringify(ceilings));
    return ceilings;
  } finally {
    probes.dispose();
  }
}

/** A probe and its submits. */
interface Trial {
  readonly probe: Probe;
  /** Turns of a submit. */
  readonly turns: number;
  /** The fastest submit of all of them so far, in ms. */
  busy: number;
}

/**
 * The fastest submits of no turn so far, in ms.
 *
 * One for all probes with threads: what such a submit takes is the host's and the driver's doing, and a slow one would make its probe look fast.
 */
interface Idle {
  launch: number;
  threads: number;
}

async function measure(probes: Probes, signal: AbortSignal | undefined): Promise<Ceilings> {
  const idle: Idle = { launch: Number.POSITIVE_INFINITY, threads: Number.POSITIVE_INFINITY };
  const all: Trial[] = [];
  for (const probe of probes.all) all.push(await calibrate(probe, idle, signal));
  const best = (name: CeilingName): number =>
    Math.max(...all.filter(({ probe }) => probe.ceiling === name).map((trial) => rate(trial, idle)));
  const hopeful = all.filter((trial) => rate(trial, idle) >= HOPELESS * best(trial.probe.ceiling));
  const seen = new Set(hopeful.map(({ probe }) => kindOf(probe)));
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of seen) await runIdle(hopeful.find(({ probe }) => kindOf(probe) === kind)!.probe, idle);
    for (const trial of round % 2 === 0 ? hopeful : hopeful.toReversed()) {
      signal?.throwIfAborted();
      trial.busy = Math.min(trial.busy, await trial.probe.run(trial.turns));
    }
  }
  const [memory, cache] = [best('memory'), best('cache')];
  const cacheBytes = await cacheExtent(probes, memory, cache, idle, signal);
  return { flops: best('flops'), memory, cache, cacheBytes, launch: 1 / best('launch') };
}

/**
 * The largest source that is read faster than memory.
 *
 * Where the nearest cache is hardly faster than memory, as on software, it makes no difference, and its own source is the answer.
 */
async function cacheExtent(
  { extents, memory: { small } }: Probes,
  memory: number,
  cache: number,
  idle: Idle,
  signal: AbortSignal | undefined,
): Promise<number> {
  let bytes = small.size;
  if (cache < FASTER * memory) return bytes;
  for (const extent of extents) {
    if (rate(await calibrate(extent.probe, idle, signal), idle) < FASTER * memory) break;
    bytes = extent.bytes;
  }
  return bytes;
}

/** Finds how many turns fill a submit; the first submits also warm the kernel. */
async function calibrate(probe: Probe, idle: Idle, signal: AbortSignal | undefined): Promise<Trial> {
  const most = probe.ceiling === 'launch' ? MOST_LAUNCHES : MOST_TURNS;
  await probe.run(1);
  await runIdle(probe, idle);
  for (let turns = 1; ; ) {
    signal?.throwIfAborted();
    // One slow submit may be the machine's doing: so few turns that they tell nothing would be taken for enough.
    let busy = await probe.run(turns);
    if (busy >= TARGET) busy = Math.min(busy, await probe.run(turns));
    if (busy >= TARGET || turns === most) return { probe, turns, busy };
    turns = Math.min(most, Math.ceil(turns * Math.min(16, Math.max(1.5, (1.1 * TARGET) / busy))));
  }
}

/** A launch of no turn records no dispatch. */
function kindOf({ ceiling }: Probe): keyof Idle {
  return ceiling === 'launch' ? 'launch' : 'threads';
}

async function runIdle(probe: Probe, idle: Idle): Promise<void> {
  const kind = kindOf(probe);
  idle[kind] = Math.min(idle[kind], await probe.run(0));
}

/** Amounts a second. */
function rate({ probe, turns, busy }: Trial, idle: Idle): number {
  return (1000 * probe.amount * turns) / Math.max(busy - idle[kindOf(probe)], 1e-6);
}

function keyOf({ info: { vendor, architecture, description } }: Device): string {
  return JSON.stringify(['ceilings', METHOD, vendor, architecture, description]);
}

/** What was remembered, or undefined where it is not what `measureCeilings` writes. */
function parse(text: string | undefined): Ceilings | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isCeilings(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isCeilings(value: unknown): value is Ceilings {
  if (typeof value !== 'object' || value === null) return false;
  const numbers = new Map<string, unknown>(Object.entries(value));
  return CEILINGS.every((name) => {
    const number = numbers.get(name);
    return typeof number === 'number' && Number.isFinite(number) && number > 0;
  });
}
