// The table of metrics: a file and a row each.

import { accuracy } from './accuracy';
import { balancedAccuracy } from './balanced-accuracy';
import { mae } from './mae';
import { macroF1 } from './macro-f1';
import type { MetricRule } from './metric-rule';
import { r2 } from './r2';
import { rmse } from './rmse';

export { confusionCounts } from './confusion';
export type { ClassMetricRule, MetricRule, ValueMetricRule } from './metric-rule';

export const metrics = {
  accuracy,
  balancedAccuracy,
  macroF1,
  r2,
  rmse,
  mae,
} as const satisfies Record<string, MetricRule>;

/** The name of a metric. */
export type MetricName = keyof typeof metrics;
