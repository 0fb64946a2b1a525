// What a run of the benchmark leaves in bench/results.json.

/** What the adapter can do at most. */
export interface Ceilings {
  /** 10^9 operations a second in chains of multiply-adds. */
  readonly gflops: number;
  /** 10^9 bytes a second, read from memory and from a cache. */
  readonly memoryGBs: number;
  readonly cacheGBs: number;
  /** An empty dispatch among many, in µs. */
  readonly dispatchUs: number;
}

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
  /** CPU time of the page's main thread for a step, JavaScript and what the browser adds, in µs; null where the work itself runs there or it was not measured. */
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
  /** What failed or was refused, in words. */
  readonly notes: readonly string[];
}
