import type { PlannedScheduleRule } from './schedule-rule';

/** 1 / (t + 1) to the power of `power`, t the rows of all whole epochs: scikit-learn's `invscaling`. */
export const invscaling: PlannedScheduleRule<'power'> = {
  label: 'inverse scaling',
  hint: 'Divides the learning rate by a power of the rows seen so far.',
  settings: {
    power: { label: 'Power', hint: '0.5 divides by the square root of the rows.', initial: 0.5, min: 0 },
  },
  factor: ({ power }, { epoch, rows }) => 1 / (epoch * rows + 1) ** power,
};
