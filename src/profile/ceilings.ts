// Ceilings: what an adapter can do at most, measured once and remembered.

import { UnderglassError } from '../base/errors';
import { type Device, nameOfAdapter } from '../gpu/device';
import type { Bounds } from './ceiling-bounds';
import { isPossible, type MeasuredRates, measureRates, type ProbeSet } from './ceilings-measurement';
import { type CeilingName, Probes } from './ceilings-probes';

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
  /** Between which bounds each lies; undefined in recordings of before these were measured. */
  readonly spread?: Readonly<Record<CeilingName, Bounds>>;
}

/** Remembers ceilings from run to run; a `TuningStore` fits. What does not make sense is never taken, and nothing of an adapter without a name. */
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

/** Counts the ways of measuring: what was remembered of another is measured anew. */
const METHOD = 4;

/** Measurements in a row of which one has to make sense. */
const ATTEMPTS = 2;

const NAMES: readonly CeilingName[] = ['flops', 'memory', 'cache', 'launch'];

/** What each ceiling is of, in words. */
const WORDS: Readonly<Record<CeilingName, string>> = {
  flops: 'arithmetic',
  memory: 'memory',
  cache: 'cache',
  launch: 'launches',
};

/**
 * Measures what an adapter can do at most, in two seconds, or up to eight where the machine is busy or slow to answer.
 *
 * A rate is what a submit of many turns does, over what it takes longer than one of no turn, so that
 * the price of a submit drops out. Of several kernels the fastest counts, and of several rounds the
 * fastest submit, since whatever else the machine does can only add time. Leaves no memory allocated.
 *
 * @throws UnderglassError `out-of-memory` or `device-lost`; `implausible` where no measurement gives rates that can be true: then
 *   nothing is remembered; the signal's reason once that is aborted.
 */
export async function measureCeilings(device: Device, { store, signal }: CeilingsOptions = {}): Promise<Ceilings> {
  const key = keyOf(device);
  const known = key === undefined ? undefined : parse(store?.read(key));
  if (known) return known;
  signal?.throwIfAborted();
  const probes = await Probes.create(device);
  try {
    const ceilings = await measureWith(probes, signal);
    device.check();
    if (key !== undefined) store?.write(key, JSON.stringify(ceilings));
    return ceilings;
  } finally {
    probes.dispose();
  }
}

/** The ceilings that these probes show. @throws UnderglassError `implausible`, or the signal's reason */
export async function measureWith(probes: ProbeSet, signal?: AbortSignal): Promise<Ceilings> {
  let doubt = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const measured = await measureRates(probes, signal);
    const doubtful = NAMES.find((name) => measured.rates[name].doubt !== undefined);
    if (doubtful === undefined) return ceilingsOf(measured);
    doubt = `${WORDS[doubtful]}: ${measured.rates[doubtful].doubt}`;
  }
  throw new UnderglassError(
    'implausible',
    `What this adapter can do at most could not be measured (${doubt}); measure again while nothing else is at work.`,
  );
}

function ceilingsOf({ rates: { flops, memory, cache, launch }, cacheBytes }: MeasuredRates): Ceilings {
  const bounds = ({ low, high }: Bounds): Bounds => ({ low, high });
  return {
    flops: flops.value,
    memory: memory.value,
    cache: cache.value,
    cacheBytes,
    launch: 1 / launch.value,
    spread: {
      flops: bounds(flops),
      memory: bounds(memory),
      cache: bounds(cache),
      launch: { low: 1 / launch.high, high: 1 / launch.low },
    },
  };
}

/** Undefined for an adapter without a name, which could be any. */
function keyOf({ info }: Device): string | undefined {
  const name = nameOfAdapter(info);
  return name && JSON.stringify(['ceilings', METHOD, ...name]);
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
  const spread = fieldOf(value, 'spread');
  const bytes = fieldOf(value, 'cacheBytes');
  return (
    Number.isSafeInteger(bytes) &&
    Number(bytes) > 0 &&
    NAMES.every((name) => {
      const bounds = fieldOf(spread, name);
      const [low, middle, high] = [fieldOf(bounds, 'low'), fieldOf(value, name), fieldOf(bounds, 'high')];
      const isRate = (number: unknown): number is number =>
        typeof number === 'number' && isPossible(name, name === 'launch' ? 1 / number : number);
      return isRate(low) && isRate(middle) && isRate(high) && low <= middle && middle <= high;
    })
  );
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
