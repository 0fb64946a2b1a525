// What a training is called and what it leaves, epoch by epoch.

import type { Evaluation } from './evaluation';

/** The programs that a run can train with. */
export const PROGRAMS = ['naive', 'fused'] as const;

/** Which program a run trains with. */
export type ProgramName = (typeof PROGRAMS)[number];

/** An evaluation and the epoch that it belongs to. */
export type HistoryEntry = { readonly epoch: number } & Evaluation;
