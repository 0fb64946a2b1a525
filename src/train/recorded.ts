// The recording of a training: what its profiler found, with what was trained, on what.

import { parameterCount } from '../nn/network';
import type { Ceilings } from '../profile/ceilings';
import { findingsOf } from '../profile/findings';
import type { Profiler } from '../profile/profiler';
import { type ConfigValue, type Recording, RECORDING_FORMAT, RECORDING_VERSION } from '../profile/recording';
import { operationCost } from '../program/operation-cost';
import type { Schedule } from '../schedule/schedule';
import type { GroupOptions } from './group-options';
import type { Setup } from './setup';

/** What a recording holds beside the times. */
export interface RecordingOptions {
  /** What the adapter can do at most, as `measureCeilings` gives it: without it there are rates, but no shares of a limit. */
  readonly ceilings?: Ceilings;
}

/** All that a profiler has found so far, as plain data. */
export function recordingOf(
  profiler: Profiler,
  setup: Setup,
  options: GroupOptions,
  { ceilings }: RecordingOptions,
): Recording {
  const { schedule, device } = profiler;
  const { plan } = setup;
  const labels = schedule.dispatches.map(({ operation }) => operation.label);
  const found = findingsOf(profiler.evidence, labels);
  const { vendor, architecture, description, software } = device.info;
  const splits = splitsOf(schedule);
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    device: { vendor, architecture, description, software },
    clock: found.clock,
    phaseLock: found.phaseLock,
    gaps: profiler.gaps,
    config: configOf(setup, options),
    operations: schedule.dispatches.map(({ operation, variant, grid, workgroup }, i) => ({
      label: operation.label,
      kind: operation.kind,
      phase: operation.phase,
      layer: operation.layer ?? null,
      variant: variant.name,
      grid,
      workgroup,
      cost: operationCost(plan.program, operation, { rows: plan.batchRows, splits }),
      repeats: 1,
      samplesNs: found.samples[i]!.durationsNs,
      estimate: found.estimates[i]!,
    })),
    profiledStep: found.profiledStep,
    productionStep: found.productionStep,
    tax: found.tax ?? null,
    ceilings: ceilings ?? null,
    accounting: found.accounting ?? null,
    timeline: found.timeline,
    warnings: found.warnings,
  };
}

/** The partial sums that each layer's gradient is written in. */
function splitsOf({ dispatches }: Schedule): (layer: number) => number {
  const splits = new Map(
    dispatches.flatMap(({ operation, variant }) =>
      operation.kind === 'denseBackward' ? [[operation.layer!, variant.constants['SPLIT'] ?? 1]] : [],
    ),
  );
  return (layer) => splits.get(layer) ?? 1;
}

function configOf({ plan, runner }: Setup, options: GroupOptions): Readonly<Record<string, ConfigValue>> {
  const { network, members, batch, program = 'fused' } = options;
  const { layers } = network;
  const { optimiser, seed } = members[0]!;
  return {
    sizes: [layers[0]!.inputs, ...layers.map(({ outputs }) => outputs)],
    output: layers.at(-1)!.activation,
    parameters: parameterCount(network),
    batch,
    rows: plan.batchRows,
    program,
    steps: runner.name,
    networks: members.length,
    seed,
    optimiser: optimiser.kind,
    lr: optimiser.learningRate,
    ...optimiser.settings,
    l2: optimiser.l2,
  };
}
