// What a run of the benchmark leaves in bench/results.json.

import type { Ceilings } from '../src/index';

/** Times over the timed batches of a run, each the mean over its steps. */
export interface Spread {
  readonly medianMs: number;
  readonly p10Ms: number;
  readonly p90Ms: number;
  /** Timed batches. */
  readonly n: number;
}

/** One peer at one task. */
export interface Row extends Spread {
  readonly task: string;
  readonly peer: string;
  /**
   * CPU time in JavaScript on the thread that trains, for a step, in µs: the library's own and the browser's functions that it
   * calls, without WebAssembly and without waiting. Null outside a browser, or where it was not measured.
   */
  readonly jsUs: number | null;
  /** Dispatches a step; null where no GPU is at work or they were not counted. */
  readonly dispatches: number | null;
}

/** This project's time per step where one quantity grows. */
export interface GrowthRow extends Spread {
  readonly axis: string;
  readonly value: number;
  /** Operations of a step's matrix products. */
  readonly flops: number;
}

export interface Results {
  /** ISO 8601. */
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGB: number;
    readonly system: string;
    readonly node: string;
    readonly browser: string;
  };
  /** The adapter's name. */
  readonly device: string;
  /** Whether `--quick` was given. */
  readonly quick: boolean;
  readonly ceilings: Ceilings | null;
  readonly rows: readonly Row[];
  readonly growth: readonly GrowthRow[];
  /** Networks trained at once against the same one after another: what `underglass` takes over what `apart` takes. */
  readonly members: {
    readonly task: string;
    readonly together: Spread;
    readonly apart: Spread;
    readonly ratio: number;
  } | null;
  /** How long each part of the run took, in s. */
  readonly seconds: Readonly<Record<string, number>>;
  /** What failed or was refused, in words. */
  readonly notes: readonly string[];
}
