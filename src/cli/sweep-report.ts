// The report of a sweep, as `--json` writes it. Numbers that do not exist are null.

import {
  type Activation,
  type BatchSize,
  type Configuration,
  type DeviceInfo,
  type Evaluation,
  networkSizes,
  type RankedConfiguration,
  type Score,
  type Spread,
  type SweepEntry,
  type SweepRefusal,
} from '../index';
import type { Grid } from '../train/grid';

/** What was asked for, by the command line's names. */
export interface SweepConfig extends Grid {
  readonly data: string;
  readonly batch: BatchSize;
  readonly epochs: number;
}

/** What the seeds of a configuration share. */
interface Settings {
  /** Widths of the hidden layers. */
  readonly layers: readonly number[];
  readonly output: Activation;
  readonly l2: number;
  readonly lr: number;
  readonly momentum: number;
}

/** One trained network. */
interface NetworkResult extends Settings {
  readonly seed: number;
  readonly diverged: boolean;
  /** Null where it diverged, as `valid` and `test` are then. */
  readonly train: Score | null;
  readonly valid: Score | null;
  readonly test: Score | null;
}

/** A configuration over its seeds. */
interface RankedResult extends Settings {
  readonly seeds: readonly number[];
  readonly diverged: readonly number[];
  /** Mean over all seeds, 0 for each that diverged: what the ranking goes by. */
  readonly expectedAccuracy: number;
  /** Over the seeds that did not diverge, null if all did; the deviation of one seed is null. */
  readonly validAccuracy: SpreadResult | null;
  readonly validLoss: SpreadResult | null;
}

interface SpreadResult {
  readonly mean: number;
  readonly deviation: number | null;
}

/** Everything that a sweep has to tell; plain data, ready for JSON. */
export interface SweepReport {
  readonly config: SweepConfig;
  readonly device: DeviceInfo;
  /** Those that came to their end, in the order of the grid: layers, learning rate, momentum, λ, seed. */
  readonly networks: readonly NetworkResult[];
  /** Those that were too large for the adapter, and why. */
  readonly refused: readonly (Settings & { readonly seed: number; readonly reason: string })[];
  /** Best first. */
  readonly ranking: readonly RankedResult[];
  /** The best configuration trained from new weights; null if it came not to that. */
  readonly best: (Settings & { readonly seed: number; readonly final: Evaluation | null }) | null;
  /** Of the sweep without the training of the best. */
  readonly wall: { readonly totalMs: number; readonly networksPerSecond: number };
}

/** The best configuration, trained from new weights. */
export interface Retrained {
  readonly configuration: Configuration;
  /** Undefined where the training diverged. */
  readonly final: Evaluation | undefined;
}

/** What a sweep left. */
export interface SweepOutcome {
  readonly entries: readonly SweepEntry[];
  readonly refused: readonly SweepRefusal[];
  readonly ranking: readonly RankedConfiguration[];
  readonly retrained: Retrained | undefined;
  readonly totalMs: number;
}

/** The report of a sweep. */
export function sweepReport(config: SweepConfig, device: DeviceInfo, outcome: SweepOutcome): SweepReport {
  const { entries, refused, ranking, retrained, totalMs } = outcome;
  return {
    config,
    device,
    networks: entries.map(({ configuration, evaluation }) => ({
      ...settings(configuration),
      seed: configuration.seed,
      diverged: evaluation === undefined,
      train: evaluation?.train ?? null,
      valid: evaluation?.valid ?? null,
      test: evaluation?.test ?? null,
    })),
    refused: refused.map(({ configuration, reason }) => ({
      ...settings(configuration),
      seed: configuration.seed,
      reason,
    })),
    ranking: ranking.map(({ configuration, seeds, diverged, expectedAccuracy, validAccuracy, validLoss }) => ({
      ...settings(configuration),
      seeds,
      diverged,
      expectedAccuracy,
      validAccuracy: spread(validAccuracy),
      validLoss: spread(validLoss),
    })),
    best: retrained
      ? {
          ...settings(retrained.configuration),
          seed: retrained.configuration.seed,
          final: retrained.final ?? null,
        }
      : null,
    wall: { totalMs, networksPerSecond: totalMs > 0 ? (1000 * entries.length) / totalMs : 0 },
  };
}

/** Widths of a configuration's hidden layers. */
export function hiddenWidths({ network }: Configuration): number[] {
  return networkSizes(network).slice(1, -1);
}

function settings(configuration: Configuration): Settings {
  const { network, optimiser } = configuration;
  return {
    layers: hiddenWidths(configuration),
    output: network.layers.at(-1)!.activation,
    l2: optimiser.l2,
    lr: optimiser.learningRate,
    momentum: optimiser.settings['momentum'] ?? 0,
  };
}

function spread(found: Spread | undefined): SpreadResult | null {
  return found ? { mean: found.mean, deviation: Number.isNaN(found.deviation) ? null : found.deviation } : null;
}
