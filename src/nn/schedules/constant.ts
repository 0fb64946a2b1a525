import type { PlannedScheduleRule } from './schedule-rule';

export const constant: PlannedScheduleRule<never> = {
  label: 'constant',
  hint: 'One learning rate from the first step to the last.',
  settings: {},
  factor: () => 1,
};
