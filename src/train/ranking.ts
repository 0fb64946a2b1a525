// The ranking of a sweep: configurations by their validation accuracy over the seeds.

import { mean, standardDeviation } from '../base/statistics';
import { networkSizes } from '../nn/network';
import type { Configuration, SweepEntry } from './sweep';

/** A mean and its spread over seeds; the standard deviation is NaN for a single one. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** The networks of a sweep that differ in their seed only. */
export interface RankedConfiguration {
  /** One of them. */
  readonly configuration: Configuration;
  readonly seeds: readonly number[];
  /** Seeds whose training diverged; they are left out of the two spreads. */
  readonly diverged: readonly number[];
  /** Mean validation accuracy over all seeds, 0 for each that diverged: what the ranking goes by. */
  readonly expectedAccuracy: number;
  /** Undefined where every seed diverged. */
  readonly validAccuracy: Spread | undefined;
  readonly validLoss: Spread | undefined;
}

/**
 * Configurations, best first: by mean validation accuracy, then by loss.
 *
 * A seed that diverged counts as an accuracy of 0, so that one lucky survivor does not outrank configurations
 * that train with every seed.
 */
export function rank(entries: readonly SweepEntry[]): RankedConfiguration[] {
  const groups = new Map<string, SweepEntry[]>();
  for (const entry of entries) {
    const { network, optimiser } = entry.configuration;
    const activations = network.layers.map(({ activation }) => activation);
    const key = JSON.stringify([networkSizes(network), activations, optimiser]);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()].map(summarise).toSorted((a, b) => {
    if (!a.validAccuracy || !b.validAccuracy) {
      return Number(a.validAccuracy === undefined) - Number(b.validAccuracy === undefined);
    }
    return b.expectedAccuracy - a.expectedAccuracy || a.validLoss!.mean - b.validLoss!.mean;
  });
}

function summarise(entries: readonly SweepEntry[]): RankedConfiguration {
  const good = entries.flatMap(({ evaluation }) => (evaluation ? [evaluation.valid] : []));
  const spread = (values: number[]): Spread | undefined =>
    values.length === 0 ? undefined : { mean: mean(values), deviation: standardDeviation(values) };
  return {
    configuration: entries[0]!.configuration,
    seeds: entries.map(({ configuration }) => configuration.seed),
    diverged: entries.filter(({ evaluation }) => !evaluation).map(({ configuration }) => configuration.seed),
    expectedAccuracy: mean(entries.map(({ evaluation }) => evaluation?.valid.accuracy ?? 0)),
    validAccuracy: spread(good.map(({ accuracy }) => accuracy)),
    validLoss: spread(good.map(({ loss }) => loss)),
  };
}
