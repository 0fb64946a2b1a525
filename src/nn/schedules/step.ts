import type { PlannedScheduleRule } from './schedule-rule';

/** γ to the power of ⌊epoch / every⌋: PyTorch's `StepLR`. */
export const step: PlannedScheduleRule<'every' | 'gamma'> = {
  label: 'step',
  hint: 'Multiplies the learning rate with γ every so many epochs.',
  settings: {
    every: { label: 'Every', hint: 'Epochs from one change to the next.', initial: 30, min: 1, whole: true },
    gamma: {
      label: 'γ',
      hint: 'What each change multiplies the learning rate with.',
      initial: 0.1,
      min: 0,
      max: 1,
      above: true,
    },
  },
  factor: ({ every, gamma }, { epoch }) => gamma ** Math.floor(epoch / every),
};
