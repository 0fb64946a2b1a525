import type { PlannedScheduleRule } from './schedule-rule';

/**
 * Half a cosine from 1 down to `floor`, one step an epoch: PyTorch's `CosineAnnealingLR`; Loshchilov and Hutter (2017).
 *
 * Before it, the rate rises step by step in a straight line: 1/n, 2/n, ..., 1, where n is the steps of `warmup` epochs. The cosine takes the
 * epochs that are left. A training that goes on beyond its epochs stays at `floor`.
 */
export const cosine: PlannedScheduleRule<'warmup' | 'floor'> = {
  label: 'cosine',
  planned: true,
  hint: 'Rises in a straight line for some epochs, then falls along half a cosine.',
  settings: {
    warmup: { label: 'Warm-up', hint: 'Epochs in which the learning rate rises.', initial: 0, min: 0, whole: true },
    floor: {
      label: 'Floor',
      hint: 'The part of the learning rate that is left in the end.',
      initial: 0,
      min: 0,
      max: 1,
    },
  },
  factor({ warmup, floor }, { step, epoch, stepsAnEpoch, epochs }) {
    if (epoch < warmup) return (step + 1) / (warmup * stepsAnEpoch);
    if (epoch >= epochs) return floor;
    return floor + ((1 - floor) * (1 + Math.cos((Math.PI * (epoch - warmup)) / (epochs - warmup)))) / 2;
  },
};
