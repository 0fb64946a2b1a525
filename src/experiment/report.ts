// The report of a run, as the command line writes it and other tools read it.

import type { Activation, DeviceInfo, Divergence, Evaluation, HistoryEntry, Timing } from '../index';
import { networkOf, sizesOf } from './build';
import { applying } from './read';
import type { Settings } from './setting';

/** What was asked for, by the settings' names; what the optimiser and the schedule take stands beside the rest. */
export interface RunConfig extends Readonly<Record<string, ConfigValue>> {
  readonly data: string;
  /** Widths from the input to the output. */
  readonly sizes: readonly number[];
  /** The activation of each hidden layer. */
  readonly hidden: readonly Activation[];
  readonly output: Activation;
  readonly every: number;
}

type ConfigValue = string | number | readonly (string | number)[];

/** Everything that a run has to tell; plain data, ready for JSON. */
export interface RunReport {
  readonly config: RunConfig;
  readonly device: DeviceInfo;
  /** From epoch 0, before any update. */
  readonly history: readonly HistoryEntry[];
  /** Of the parameters at the end of the run; where it diverged, the last one before. */
  readonly final: Evaluation;
  /** The epoch of the parameters that were kept, with early stopping. */
  readonly bestEpoch?: number;
  /** How it left the finite numbers, where it did. */
  readonly divergence?: Divergence;
  /** By operation of the step, over the steps that were timed; empty where the adapter has no timestamps. */
  readonly timings: readonly Timing[];
  readonly wall: {
    /** From the first submit to the end of the last step, evaluations included. */
    readonly totalMs: number;
    readonly stepsPerSecond: number;
  };
}

/** The settings as a report has them. @param every epochs from one evaluation to the next */
export function runConfig(settings: Settings, every: number): RunConfig {
  const hidden = networkOf(settings).layers.map(({ activation }) => activation);
  const rest = applying(settings).flatMap(({ name }) => {
    const value = settings[name];
    return typeof value === 'string' || typeof value === 'number' ? [[camelCase(name), value] as const] : [];
  });
  const { data, output } = settings;
  return {
    data,
    sizes: sizesOf(settings),
    hidden: hidden.slice(0, -1),
    output,
    ...Object.fromEntries(rest.filter(([name]) => name !== 'activation')),
    every,
  };
}

/** `weightDecay` for `weight-decay`. */
function camelCase(name: string): string {
  return name.replaceAll(/-[a-z\d]/g, (letter) => letter.slice(1).toUpperCase());
}
