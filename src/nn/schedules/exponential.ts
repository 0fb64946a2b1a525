import type { PlannedScheduleRule } from './schedule-rule';

/** γ to the power of the epoch: PyTorch's `ExponentialLR`. */
export const exponential: PlannedScheduleRule<'gamma'> = {
  label: 'exponential',
  hint: 'Multiplies the learning rate with γ after each epoch.',
  settings: {
    gamma: {
      label: 'γ',
      hint: 'What each epoch multiplies the learning rate with.',
      initial: 0.99,
      min: 0,
      max: 1,
      above: true,
    },
  },
  factor: ({ gamma }, { epoch }) => gamma ** epoch,
};
