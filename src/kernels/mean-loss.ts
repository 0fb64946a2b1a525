// Launches shaders/mean_loss.wgsl.

import shader from '../../shaders/mean_loss.wgsl';
import type { Kernel } from './kernel';

/** The batch's loss and accuracy, means over its rows. */
export const meanLoss: Kernel = {
  kind: 'meanLoss',
  shader,
  variants: () => [{ name: 'one workgroup', constants: {} }],
  constants: () => ({}),
  grid: () => [1, 1],
};
