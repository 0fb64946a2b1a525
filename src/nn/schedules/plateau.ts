import type { WatchingScheduleRule } from './schedule-rule';

/**
 * Multiplies the factor with γ each time that the loss has not fallen for more than `patience` epochs: scikit-learn's `adaptive`.
 *
 * A loss counts as fallen if it is at least `tolerance` below the least so far. Where scikit-learn ends the training, at a rate of 1e-6, this one
 * stays: at a factor of at most `floor`, by default what 1e-6 is of scikit-learn's first rate.
 */
export const plateau: WatchingScheduleRule<'patience' | 'gamma' | 'tolerance' | 'floor'> = {
  label: 'plateau',
  hint: 'Multiplies the learning rate with γ when the training loss no longer falls.',
  settings: {
    patience: {
      label: 'Patience',
      hint: 'Epochs without a better loss that are waited.',
      initial: 10,
      min: 1,
      whole: true,
    },
    gamma: {
      label: 'γ',
      hint: 'What each change multiplies the learning rate with.',
      initial: 0.2,
      min: 0,
      max: 1,
      above: true,
    },
    tolerance: {
      label: 'Tolerance',
      hint: 'By how much the loss must fall to count as better.',
      initial: 1e-4,
      min: 0,
    },
    floor: {
      label: 'Floor',
      hint: 'The part of the learning rate at which it is left alone.',
      initial: 0.001,
      min: 0,
      max: 1,
    },
  },
  watches: 'loss',
  start: { factor: 1, best: Number.POSITIVE_INFINITY, waited: 0 },
  after({ patience, gamma, tolerance, floor }, { factor, best, waited }, loss) {
    const wait = loss > best - tolerance ? waited + 1 : 0;
    const next = { factor, best: loss < best ? loss : best, waited: wait };
    if (wait <= patience) return next;
    return { ...next, factor: factor > floor ? factor * gamma : factor, waited: 0 };
  },
};
