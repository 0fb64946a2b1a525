// The phases of a step, for a student.

import type { Phase } from '../../program/program';

/** What each phase does. */
export const PHASES: Readonly<Record<Phase, string>> = {
  forward: 'from the images to a loss',
  backward: 'from the loss to gradients',
  update: 'weights move against them',
  evaluation: 'loss and accuracy only',
};
