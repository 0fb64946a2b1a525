// A made-up machine that others use too: work takes as long on it as its noise says, on a clock of its own.

import type { RandomState } from '../../src/base/random';
import type { Device } from '../../src/gpu/device';
import type { Runner } from '../../src/schedule/runner';
import type { StepTable } from '../../src/schedule/step-table';
import { Stopwatch } from '../../src/schedule/stopwatch';

/** What the other work on a machine does to readings. */
export interface Noise {
  /** Deviation of the logarithm of each reading, of which the next one takes over the share `memory`. */
  readonly jitter: number;
  readonly memory: number;
  /** Deviation of the logarithm of a drift over about `driftMs`. */
  readonly drift: number;
  readonly driftMs: number;
  /** Bursts of other work: their mean length, the mean time between two, and by what factor they slow at most. */
  readonly burstMs: number;
  readonly betweenMs: number;
  readonly burstFactor: number;
  /** The share of readings that something holds up, for at least `outlierMs`: a Pareto tail of exponent 1.2, cut at 100 times that. */
  readonly outliers: number;
  readonly outlierMs: number;
  /** An end is noticed up to this later, in ms. */
  readonly latencyMs: number;
}

/** Machines from one that is hardly disturbed to one on which hardly anything can be measured. */
export const NOISES = {
  quiet: {
    jitter: 0.02,
    memory: 0.5,
    drift: 0.03,
    driftMs: 1000,
    burstMs: 20,
    betweenMs: 2000,
    burstFactor: 1.5,
    outliers: 0.005,
    outlierMs: 0.5,
    latencyMs: 0.2,
  },
  /** A build or another training takes processors a quarter of the time. */
  shared: {
    jitter: 0.04,
    memory: 0.5,
    drift: 0.1,
    driftMs: 500,
    burstMs: 40,
    betweenMs: 120,
    burstFactor: 2.5,
    outliers: 0.03,
    outlierMs: 0.5,
    latencyMs: 0.3,
  },
  /** No reading is like the one before it. */
  stormy: {
    jitter: 0.3,
    memory: 0.3,
    drift: 0.3,
    driftMs: 200,
    burstMs: 15,
    betweenMs: 15,
    burstFactor: 4,
    outliers: 0.15,
    outlierMs: 1,
    latencyMs: 1,
  },
} as const satisfies Record<string, Noise>;

/** Time passes only as work is done, and work takes the longer the more others do. */
export class SharedMachine {
  /** ms */
  now = 0;
  readonly #random: RandomState;
  readonly #noise: Noise;
  #jitter = 0;
  #drift = 0;
  #slowness = 1;
  #changesAt: number;

  constructor(random: RandomState, noise: Noise) {
    this.#random = random;
    this.#noise = noise;
    this.#drift = noise.drift * this.#normal();
    this.#changesAt = this.#exponential(noise.betweenMs);
  }

  /** Does work that takes an undisturbed machine so many ms. */
  run(ms: number): void {
    const { jitter, memory, drift, driftMs, outliers, outlierMs, latencyMs } = this.#noise;
    this.#jitter = memory * this.#jitter + Math.sqrt(1 - memory ** 2) * jitter * this.#normal();
    let left = ms * Math.exp(this.#jitter + this.#drift);
    const began = this.now;
    while (this.now + left * this.#slowness > this.#changesAt) {
      left -= Math.max(0, this.#changesAt - this.now) / this.#slowness;
      this.now = Math.max(this.now, this.#changesAt);
      this.#change();
    }
    this.now += left * this.#slowness + latencyMs * this.#random.randomDouble();
    if (this.#random.randomDouble() < outliers) {
      this.now += outlierMs * Math.min(100, (1 - this.#random.randomDouble()) ** (-1 / 1.2));
    }
    const kept = Math.exp((began - this.now) / driftMs);
    this.#drift = kept * this.#drift + Math.sqrt(1 - kept ** 2) * drift * this.#normal();
  }

  /** A burst begins or ends. */
  #change(): void {
    const { burstMs, betweenMs, burstFactor } = this.#noise;
    const begins = this.#slowness === 1;
    this.#slowness = begins ? 1 + (burstFactor - 1) * this.#random.randomDouble() : 1;
    this.#changesAt += this.#exponential(begins ? burstMs : betweenMs);
  }

  #exponential(mean: number): number {
    return -mean * Math.log(1 - this.#random.randomDouble());
  }

  #normal(): number {
    return this.#random.standardNormal(1)[0]!;
  }

  /** A stopwatch on this machine. */
  stopwatch(): Stopwatch {
    return stopwatchOn((ms) => this.run(ms + SUBMIT));
  }
}

/** What a submit costs by itself, in ms. */
const SUBMIT = 0.2;

/**
 * A stopwatch on a made-up device.
 *
 * @param run lets the time pass that a submit's work of so many ms takes
 */
export function stopwatchOn(run: (ms: number) => void, steps = 4096): Stopwatch {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of a device as the stopwatch uses
  const device = {
    gpu: {
      createCommandEncoder: () => {
        const encoder = { lasts: 0, finish: () => encoder };
        return encoder;
      },
      queue: {
        submit: ([commands]: [{ lasts: number }]) => run(commands.lasts),
        onSubmittedWorkDone: () => Promise.resolve(),
      },
    },
    failure: new Promise<never>(() => undefined),
    check: () => undefined,
  } as unknown as Device;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return new Stopwatch(device, { ranges: { length: steps } } as unknown as StepTable);
}

/** Steps that take an undisturbed machine so many µs each. */
export function stepsOf(microseconds: number): Runner {
  return {
    name: `${microseconds} µs a step`,
    gradient: undefined,
    record: (encoder, first, end) => void Object.assign(encoder, { lasts: ((end - first) * microseconds) / 1000 }),
    dispose: () => undefined,
  };
}
