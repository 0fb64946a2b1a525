// What a training is called and what it leaves, epoch by epoch.

import type { Evaluation } from './evaluation';

/** Which program a run trains with. */
export type ProgramName = 'naive' | 'fused';

/** An evaluation and the epoch that it belongs to. */
export type HistoryEntry = { readonly epoch: number } & Evaluation;
