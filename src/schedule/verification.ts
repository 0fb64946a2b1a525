// Verification: what tuning chose is held, bit for bit, against the defaults.

import type { Device } from '../gpu/device';
import { type Contest, takeBack } from './contest';
import { type Runner, submitSteps } from './runner';
import type { VariantChoice } from './schedule';
import type { StepTable } from './step-table';

/** Where steps are tried that shall leave no trace. */
export interface Rehearsal {
  readonly table: StepTable;
  /** Brings the memory back to what training begins from, the order of rows included. */
  readonly reset: () => void;
  /** All that a step changes for good, read back. */
  readonly state: () => Promise<readonly Float32Array[]>;
}

/** Steps that are compared, at most. */
const COMPARED_STEPS = 3;

/** Takes back every choice that computes other bits than the defaults do. */
export async function refuseOtherBits(
  device: Device,
  contests: readonly Contest[],
  rehearsal: Rehearsal,
  runner: (pick: VariantChoice, name: string) => Promise<Runner>,
  defaults: VariantChoice,
  choose: VariantChoice,
): Promise<void> {
  const changed = contests.filter(({ choice, names }) => choice !== names[0]);
  if (changed.length === 0) {
    return;
  }
  const [steps] = contests;
  const expected = await stateAfter(device, rehearsal, await runner(defaults, steps!.names[0]!));
  const agrees = async () => same(expected, await stateAfter(device, rehearsal, await runner(choose, steps!.choice)));
  if (await agrees()) {
    return;
  }
  // Something differs: each choice is tried alone, and kept if it is innocent.
  const wanted = changed.map(({ choice }) => choice);
  changed.forEach(takeBack);
  for (const [i, entry] of changed.entries()) {
    entry.choice = wanted[i]!;
    if (!(await agrees())) {
      takeBack(entry);
      entry.refused = true;
    }
  }
}

async function stateAfter(
  device: Device,
  { reset, state, table }: Rehearsal,
  runner: Runner,
): Promise<readonly Float32Array[]> {
  try {
    reset();
    submitSteps(device, runner, 0, Math.min(COMPARED_STEPS, table.ranges.length));
    return await state();
  } finally {
    runner.dispose();
  }
}

function same(a: readonly Float32Array[], b: readonly Float32Array[]): boolean {
  return a.every((values, i) => {
    const others = new Uint32Array(b[i]!.buffer);
    return new Uint32Array(values.buffer).every((bits, k) => bits === others[k]);
  });
}
