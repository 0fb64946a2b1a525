// An optimiser as plain data: a rule of optimisers/ with its settings, a learning rate, and an L2 penalty on the weights.

import { requireNumber, requireOptions, shown } from '../base/checks';
import { UnderglassError } from '../base/errors';
import { checkSettings, checkWholeSettings, type SettingValues } from './number-setting';
import { type OptimiserName, type OptimiserRule, optimisers, type UpdateNumbers } from './optimisers';
import { requirePart } from './part';
import type { BatchRange } from './batches';
import { checkSchedule, type Schedule, schedule, type ScheduleOptions, scheduleFactor } from './schedule';

/**
 * How gradients move the parameters.
 *
 * The gradient is that of the mean loss over the N rows of a batch plus λ / (2N) Σ_l ||W_l||²; biases carry no penalty.
 */
export interface Optimiser {
  readonly kind: OptimiserName;
  /** α, above 0. */
  readonly learningRate: number;
  /** λ, from 0 (none) up. */
  readonly l2: number;
  /** A value for each of the rule's settings, such as `momentum`. */
  readonly settings: SettingValues;
  /** How the learning rate changes. */
  readonly schedule: Schedule;
}

/** The settings that an optimiser of that kind takes, by name. */
type SettingsOf<Name extends OptimiserName> = keyof (typeof optimisers)[Name]['settings'];

type OptionsOf<Name extends OptimiserName> = {
  readonly learningRate?: number | undefined;
  readonly l2?: number | undefined;
  readonly schedule?: ScheduleOptions | undefined;
} & { readonly [Setting in SettingsOf<Name>]?: number | undefined };

/**
 * What {@link optimiser} takes: the kind, sgd unless told, with any of its settings beside it.
 *
 * l2 is 0 unless told, the learning rate that of the kind's rule and constant, and settings as their table has them.
 */
export type OptimiserOptions =
  | ({ readonly kind?: 'sgd' | undefined } & OptionsOf<'sgd'>)
  | { [Name in OptimiserName]: { readonly kind: Name } & OptionsOf<Name> }[OptimiserName];

/**
 * An optimiser with its numbers checked: `optimiser({ learningRate: 0.2, momentum: 0.9 })`, `optimiser({ kind: 'adam' })`.
 *
 * @throws UnderglassError 'usage' for a kind or a setting that there is not, or a number that is not finite or out of its range
 */
export function optimiser(options: OptimiserOptions): Optimiser {
  const { kind: name = 'sgd', learningRate: rate, l2 = 0, schedule: change = {}, ...given } = options;
  const kind = requirePart('optimiser', optimisers, name);
  const rule: OptimiserRule = optimisers[kind];
  const learningRate = rate ?? rule.learningRate;
  checkCommonNumbers(rule, learningRate, l2);
  return { kind, learningRate, l2, settings: checkSettings(kind, rule.settings, given), schedule: schedule(change) };
}

/**
 * Checks that an optimiser is one, as {@link optimiser} makes them.
 *
 * @throws UnderglassError 'usage' that names what is missing, unknown, or out of its range
 */
export function checkOptimiser(given: Optimiser): void {
  if (given === undefined) {
    throw new UnderglassError('usage', 'The optimiser is missing; make one with optimiser({ learningRate: 0.2 }).');
  }
  requireOptions('An optimiser, which optimiser({ … }) makes,', given, OPTIMISER_FIELDS);
  const kind = requirePart('optimiser', optimisers, given.kind);
  const rule: OptimiserRule = optimisers[kind];
  checkCommonNumbers(rule, given.learningRate, given.l2);
  checkWholeSettings(kind, rule.settings, given.settings);
  checkSchedule(given.schedule);
}

const OPTIMISER_FIELDS: Readonly<Record<keyof Optimiser, true>> = {
  kind: true,
  learningRate: true,
  l2: true,
  settings: true,
  schedule: true,
};

/** The numbers that every optimiser has. */
function checkCommonNumbers(rule: OptimiserRule, learningRate: number, l2: number): void {
  const single = typeof learningRate === 'number' ? Math.fround(learningRate) : Number.NaN;
  if (!(Number.isFinite(single) && single > 0)) {
    throw new UnderglassError(
      'usage',
      `The learning rate is ${shown(learningRate)}; use a number above 0 that float32 can hold, such as ${rule.learningRate}.`,
    );
  }
  requireNumber('The L2 penalty', l2, 0);
}

/** The rule of an optimiser. */
export function ruleOf({ kind }: Optimiser): OptimiserRule {
  return optimisers[kind];
}

/** How steps make epochs. */
export interface EpochShape {
  readonly stepsAnEpoch: number;
  /** Rows of an epoch. */
  readonly rows: number;
}

/** The epochs of a training set's batches. */
export function epochShape(ranges: readonly BatchRange[]): EpochShape {
  return { stepsAnEpoch: ranges.length, rows: ranges.reduce((sum, { rows }) => sum + rows, 0) };
}

/**
 * What one step reads of an optimiser.
 *
 * @param step counted from 0 over the whole training
 * @param factor of the learning rate in this step and in the one before; what the schedule has planned unless told
 */
export function updateNumbers(
  { kind, learningRate, schedule: change, settings }: Optimiser,
  step: number,
  shape: EpochShape,
  [factor, lastFactor]: readonly [number, number] = [
    scheduleFactor(change, step, shape),
    scheduleFactor(change, Math.max(0, step - 1), shape),
  ],
): UpdateNumbers {
  const rule: OptimiserRule = optimisers[kind];
  const [rate, lastRate] = [learningRate * factor, learningRate * lastFactor];
  return rule.numbers(settings, { step: step + 1, rate, lastRate });
}
