// The table of learning-rate schedules: a file and a row each.

import { partNames } from '../part';
import { constant } from './constant';
import { cosine } from './cosine';
import { exponential } from './exponential';
import { invscaling } from './invscaling';
import { plateau } from './plateau';
import type { ScheduleRule } from './schedule-rule';
import { step } from './step';

export type {
  PlannedScheduleRule,
  SchedulePosition,
  ScheduleRule,
  WatchingScheduleRule,
  WatchState,
} from './schedule-rule';

export const schedules = {
  constant,
  step,
  exponential,
  cosine,
  invscaling,
  plateau,
} as const satisfies Record<string, ScheduleRule>;

/** The name of a learning-rate schedule. */
export type ScheduleName = keyof typeof schedules;

/** Every schedule's name. */
export const SCHEDULES: readonly ScheduleName[] = partNames(schedules);
