// The table of losses: a file and a row each.

import { huber } from './huber';
import type { LossRule } from './loss-rule';
import { meanSquaredError } from './mean-squared-error';
import { sigmoidCrossEntropy } from './sigmoid-cross-entropy';
import { softmaxCrossEntropy } from './softmax-cross-entropy';

export type { LossMetric, LossRule } from './loss-rule';

export const losses = {
  softmaxCrossEntropy,
  sigmoidCrossEntropy,
  meanSquaredError,
  huber,
} as const satisfies Record<string, LossRule>;

/** The name of a loss. */
export type LossName = keyof typeof losses;
