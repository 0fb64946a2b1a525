// The plan of a training: its program, and which rows each step takes.

import { type BatchRange, batchRanges } from '../nn/batches';
import { gradientSlots } from '../program/cost';
import { fuse } from '../program/fuse';
import { lowerStep } from '../program/lower';
import type { Program } from '../program/program';
import type { StepPlan } from '../schedule/resident';
import type { GroupOptions } from './group-options';

/** Steps that the table holds, at least; it always holds whole epochs. */
const TABLE_STEPS = 256;

/** What a group's steps are. */
export interface TrainingPlan extends StepPlan {
  readonly program: Program;
  /** The batch of every step in the table. */
  readonly ranges: readonly BatchRange[];
  /** Whether batches take their rows through the order. */
  readonly ordered: boolean;
}

/** Lowers and fuses, and cuts the training set into batches. */
export function planTraining({ network, members, splits, batch, program: name }: GroupOptions): TrainingPlan {
  const { rows: dataRows } = splits.train;
  const epoch = batchRanges(dataRows, batch);
  // No batch has more rows than the first.
  const batchRows = epoch[0]!.rows;
  const epochs = Math.max(1, Math.floor(TABLE_STEPS / epoch.length));
  // Members of a group have optimisers of one kind.
  const optimiser = members[0]!.optimiser.kind;
  const fused = name !== 'naive';
  const shuffled = batch !== 'full';
  const ordered = fused || shuffled;
  // A full batch takes the rows in their own order, epoch for epoch.
  const orders = shuffled ? epochs : 1;
  const ranges = Array.from({ length: epochs }, (_, i) =>
    epoch.map((range) => ({ ...range, start: range.start + (i % orders) * dataRows })),
  ).flat();
  const naive = lowerStep({
    network,
    data: 'train',
    dataRows,
    batchRows,
    orderRows: ordered ? orders * dataRows : 0,
    slots: ranges.length,
    members: members.length,
    gradientSlots: fused ? gradientSlots(network, batchRows, members.length) : 1,
    optimiser,
  });
  const program = fused ? fuse(naive) : naive;
  return { network, optimiser, program, ranges, ordered, dataRows, batchRows, stepsAnEpoch: epoch.length, shuffled };
}
