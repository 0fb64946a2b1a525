// A learning-rate schedule as plain data: a rule of schedules/ with its settings.

import { requireOptions, requireWhole } from '../base/checks';
import { UnderglassError } from '../base/errors';
import { checkSettings, checkWholeSettings, type SettingValues } from './number-setting';
import { requirePart } from './part';
import { type ScheduleName, type ScheduleRule, schedules } from './schedules';

/** What the learning rate is multiplied with, step by step. */
export interface Schedule {
  readonly kind: ScheduleName;
  /** Epochs of the whole training, for schedules that are planned to its end. */
  readonly epochs?: number;
  /** A value for each of the rule's settings, such as `warmup`. */
  readonly settings: SettingValues;
}

/** What {@link schedule} takes: the kind, constant unless told, with any of its settings beside it. */
export type ScheduleOptions =
  | { readonly kind?: 'constant' | undefined; readonly epochs?: number | undefined }
  | {
      [Name in ScheduleName]: { readonly kind: Name; readonly epochs?: number | undefined } & {
        readonly [Setting in keyof (typeof schedules)[Name]['settings']]?: number | undefined;
      };
    }[ScheduleName];

/**
 * A schedule with its numbers checked: `schedule({ kind: 'cosine', epochs: 100, warmup: 5 })`.
 *
 * @throws UnderglassError 'usage' for a kind or a setting that there is not, a number out of its range, or missing epochs
 */
export function schedule(options: ScheduleOptions): Schedule {
  const { kind: name = 'constant', epochs, ...given } = options;
  const kind = requirePart('schedule', schedules, name);
  checkEpochs(kind, epochs);
  const settings = checkSettings(kind, schedules[kind].settings, given);
  return epochs === undefined ? { kind, settings } : { kind, epochs, settings };
}

/**
 * Checks that a schedule is one, as {@link schedule} makes them.
 *
 * @throws UnderglassError 'usage' that names what is missing, unknown, or out of its range
 */
export function checkSchedule(given: Schedule): void {
  requireOptions("An optimiser's schedule", given, SCHEDULE_FIELDS);
  const kind = requirePart('schedule', schedules, given.kind);
  checkEpochs(kind, given.epochs);
  checkWholeSettings(kind, schedules[kind].settings, given.settings);
}

const SCHEDULE_FIELDS: Readonly<Record<keyof Schedule, true>> = { kind: true, epochs: true, settings: true };

function checkEpochs(kind: ScheduleName, epochs: number | undefined): void {
  const rule: ScheduleRule = schedules[kind];
  if (epochs !== undefined) {
    requireWhole(`The number of epochs of the schedule ${kind}`, epochs, { min: 1 });
  } else if (rule.planned) {
    throw new UnderglassError(
      'usage',
      `The schedule ${kind} is planned to the end of the training; give it the number of its epochs, as { kind: '${kind}', epochs: 100 }.`,
    );
  }
}

/**
 * What the learning rate of a step is multiplied with, as far as that is planned; 1 for a schedule that watches the training.
 *
 * @param step counted from 0 over the whole training
 */
export function scheduleFactor(
  { kind, epochs = 1, settings }: Schedule,
  step: number,
  { stepsAnEpoch, rows }: { readonly stepsAnEpoch: number; readonly rows: number },
): number {
  const rule: ScheduleRule = schedules[kind];
  return rule.watches
    ? 1
    : rule.factor(settings, { step, epoch: Math.floor(step / stepsAnEpoch), stepsAnEpoch, epochs, rows });
}
