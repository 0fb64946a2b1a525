// The tuner: times the variants of every operation on this adapter and chooses among them.

import { median } from '../base/statistics';
import type { Device } from '../gpu/device';
import { StagingRing } from '../gpu/readback';
import { TimestampRecorder } from '../gpu/timestamps';
import type { OperationKind, Program } from '../program/program';
import type { Memory } from './memory';
import { recordRepeats } from './record';
import { candidates, type Dispatch, dispatch, type VariantChoice } from './schedule';
import type { StepTable } from './step-table';

/** Remembers choices from run to run. A choice that no longer fits is never taken; see `tune`. */
export interface TuningStore {
  readonly read: (key: string) => string | undefined;
  readonly write: (key: string, variant: string) => void;
}

/** How to tune. */
export interface TuningOptions {
  /** Where choices are remembered; none are by default. */
  readonly store?: TuningStore;
  /** Time that tuning may take, compiling included, in ms. Default 1000. */
  readonly budget?: number;
}

/** What the tuner found for an operation. */
export interface TunedOperation {
  readonly label: string;
  readonly kernel: OperationKind;
  /** The variant that will run. */
  readonly variant: string;
  /** Whether the choice came from the store, untimed. */
  readonly remembered: boolean;
  /** Median time of one dispatch in µs of the candidates that were timed, in their kernel's order. */
  readonly times: readonly { readonly variant: string; readonly microseconds: number }[];
}

/** A choice for every operation, and how it came about. */
export interface Tuning {
  readonly choose: VariantChoice;
  readonly operations: readonly TunedOperation[];
}

/** Candidates within this factor of the fastest are as fast; the first of them in the kernel's order, the simplest, is taken. */
const TIE = 1.04;

/** GPU time of one timed pass in µs: many times Chrome's rounding of stamps, 65.536 µs. */
const PASS_TARGET = 1300;

const MOST_REPEATS = 1024;

/** Rounds over the candidates of an operation, in alternation. */
const ROUNDS = 5;

/**
 * Chooses a variant for each operation of a program by timing the candidates.
 *
 * Runs operations out of order on `memory`, whose contents mean nothing afterwards: clear and
 * fill it again. What the budget does not reach, and every operation where the adapter has no
 * timestamps, keeps its default. Memory for staging is freed before it returns.
 */
export async function tune(
  device: Device,
  program: Program,
  memory: Memory,
  table: StepTable,
  { store, budget = 1000 }: TuningOptions = {},
): Promise<Tuning> {
  const deadline = performance.now() + budget;
  const operations: TunedOperation[] = [];
  const known = new Map<string, string>();
  for (const operation of program.operations) {
    const variants = candidates(operation, memory);
    const first = await dispatch(device, program, memory, operation, variants[0]!);
    const key = keyOf(
      device,
      first,
      variants.map(({ name }) => name),
      table,
    );
    const { label, kind: kernel } = operation;
    const stored = known.get(key) ?? store?.read(key);
    if (variants.length === 1 || variants.some(({ name }) => name === stored)) {
      operations.push({
        label,
        kernel,
        variant: stored ?? variants[0]!.name,
        remembered: variants.length > 1,
        times: [],
      });
      continue;
    }
    const timed: Dispatch[] = [first];
    if (device.gpu.features.has('timestamp-query')) {
      for (const variant of variants.slice(1)) {
        if (performance.now() < deadline) {
          timed.push(await dispatch(device, program, memory, operation, variant));
        }
      }
    }
    const times = timed.length > 1 ? await time(device, timed, table, deadline) : [];
    const variant = simplestOfFastest(times) ?? variants[0]!.name;
    if (timed.length === variants.length) {
      store?.write(key, variant);
      known.set(key, variant);
    }
    operations.push({ label, kernel, variant, remembered: false, times });
  }
  return {
    operations,
    choose: ({ label }, variants) => {
      const chosen = operations.find((operation) => operation.label === label)?.variant;
      return variants.find(({ name }) => name === chosen) ?? variants[0]!;
    },
  };
}

/** The first candidate that is as fast as the fastest. */
function simplestOfFastest(times: TunedOperation['times']): string | undefined {
  const fastest = Math.min(...times.map(({ microseconds }) => microseconds));
  // Where no stamp made sense, every time is infinite and the first candidate, the default, is taken.
  return times.find(({ microseconds }) => microseconds <= TIE * fastest)?.variant;
}

/** Median times of dispatches of the same operation, timed in alternation. */
async function time(
  device: Device,
  dispatches: readonly Dispatch[],
  table: StepTable,
  deadline: number,
): Promise<TunedOperation['times']> {
  const recorder = new TimestampRecorder(
    device,
    dispatches.map(({ operation, variant }) => `${operation.label}, ${variant.name}`),
  );
  const staging = new StagingRing(device, 'tuning', recorder.size, 1);
  const samples: number[][] = dispatches.map(() => []);
  const round = async (repeats: readonly number[]): Promise<void> => {
    const encoder = device.gpu.createCommandEncoder({ label: 'tuning' });
    for (const [i, candidate] of dispatches.entries()) {
      recordRepeats(encoder, candidate, table, repeats[i]!, recorder.passes[i]!);
    }
    const buffer = staging.take();
    recorder.resolve(encoder, buffer, 0);
    device.gpu.queue.submit([encoder.finish()]);
    const stamps = new BigUint64Array(await staging.read(buffer));
    for (const [i, list] of samples.entries()) {
      const [begin, end] = [stamps[2 * i]!, stamps[2 * i + 1]!];
      if (end >= begin) {
        list.push(Number(end - begin) / 1000 / repeats[i]!);
      }
    }
  };
  try {
    // Warms caches and finds how often each must run to be seen.
    await round(dispatches.map(() => 4));
    const repeats = samples.map(([first]) =>
      Math.min(MOST_REPEATS, Math.max(1, Math.ceil(PASS_TARGET / Math.max(first ?? PASS_TARGET, 1)))),
    );
    for (const list of samples) {
      list.length = 0;
    }
    for (let i = 0; i < ROUNDS && (i === 0 || performance.now() < deadline); i++) {
      await round(repeats);
    }
  } finally {
    staging.dispose();
    recorder.dispose();
  }
  return dispatches.map(({ variant }, i) => ({
    variant: variant.name,
    microseconds: samples[i]!.length > 0 ? median(samples[i]!) : Number.POSITIVE_INFINITY,
  }));
}

/** All that a choice depends on: adapter, shader, shapes, rows, members and the candidates themselves. */
function keyOf(
  device: Device,
  { kernel, constants, variant, grid }: Dispatch,
  names: string[],
  table: StepTable,
): string {
  const { vendor, architecture, description } = device.info;
  const shapes = Object.entries(constants).filter(([name]) => !(name in variant.constants));
  return JSON.stringify([
    [vendor, architecture, description],
    [kernel.kind, hash(kernel.shader.code), Object.fromEntries(shapes)],
    [table.ranges[0]!.rows, grid[2], names],
  ]);
}

/** FNV-1a, 32 bits: enough to tell a shader from its other versions. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return value;
}
