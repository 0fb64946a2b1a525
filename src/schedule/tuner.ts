// The tuner: times the variants of every operation, and of whole steps, on this adapter, and chooses among them.
//
// A choice must win by more than the noise it was measured in (`verdict.ts`), and never changes a number: all variants add in the same order, and what is chosen is
// held, bit for bit, against the defaults before it is taken.

import type { Device } from '../gpu/device';
import type { Variant } from '../kernels/kernel';
import { resident } from '../kernels/resident';
import type { OperationKind, Program } from '../program/program';
import { contend, type Contest, openContest, takeBack } from './contest';
import type { Memory } from './memory';
import { fitsResident, ResidentRunner, type StepPlan } from './resident';
import { chained, type Runner } from './runner';
import { candidates, dispatch, schedule, type VariantChoice } from './schedule';
import { Stopwatch } from './stopwatch';
import {
  operationKey,
  recall,
  recallTally,
  remember,
  rememberTally,
  runnerKey,
  trialKey,
  type TuningStore,
} from './tuning-memory';
import type { Tally } from './verdict';
import { refuseOtherBits, type Rehearsal } from './verification';

/** How to tune. */
export interface TuningOptions {
  /** Where choices are remembered; none are by default. */
  readonly store?: TuningStore;
  /** Time that tuning may take, compiling included, in ms; 0 takes what is remembered. Default 1000. */
  readonly budget?: number;
  /** Time single operations also where whole steps run resident, which have no use for them. Default false. */
  readonly all?: boolean;
}

/** Time of one candidate, of one dispatch or one step, in µs: medians, and those of one contest are told by their ratios in pairs of readings. */
export interface CandidateTime {
  readonly variant: string;
  readonly microseconds: number;
}

/** What the tuner found for an operation, or for whole steps. */
export interface TunedOperation {
  readonly label: string;
  /** `step` for the choice between chained operations and resident steps. */
  readonly kernel: OperationKind | 'step';
  /** The variant that will run. */
  readonly variant: string;
  /** Whether the choice came from the store, untimed. */
  readonly remembered: boolean;
  /** Candidates that are not judged yet, for want of time. */
  readonly untimed: number;
  /** The candidates that were timed, the default first. */
  readonly times: readonly CandidateTime[];
  /** Whether a faster candidate was refused because its bits differ from the default's. */
  readonly refused: boolean;
  /** Whether the choice was dropped in training, which was not faster for it. */
  readonly dropped: boolean;
}

/** What to tune, on what. */
export interface TuningSubject extends Rehearsal {
  readonly program: Program;
  readonly memory: Memory;
  readonly plan: StepPlan;
}

/** A choice for every operation and for the steps, and how it came about. */
export interface Tuning {
  readonly choose: VariantChoice;
  /** The resident variant that steps run in, or undefined for chained operations. */
  readonly resident: Variant | undefined;
  /** How each choice stands now. */
  readonly operations: () => readonly TunedOperation[];
  /** Whether any choice differs from the default. */
  readonly isDefault: boolean;
  /** What trainings have found out about these very choices so far. */
  readonly tally: Tally;
  /** Remembers what this training has found out. */
  readonly keep: (tally: Tally) => void;
  /** Goes back to all defaults, in the memory too. */
  readonly drop: () => void;
}

/**
 * Chooses a variant for each operation of a program, and how its steps are run, by timing the candidates.
 *
 * The budget goes where the time goes: first to whole steps, then to the slowest operation.
 * What it does not reach is tried another time, where there is a store. Runs out of order on
 * the subject's memory, and resets it at the end.
 */
export async function tune(device: Device, subject: TuningSubject, options: TuningOptions = {}): Promise<Tuning> {
  const { store, budget = 1000, all: everything = false } = options;
  const { program, memory, table, plan, reset } = subject;
  const deadline = performance.now() + budget;
  const contest = (label: string, kernel: Contest['kernel'], key: string, names: readonly string[]): Contest =>
    openContest({ label, kernel, key, names }, recall(store, key, names));
  const variantsOf = new Map<string, readonly Variant[]>();
  const contests = program.operations.map((operation) => {
    const variants = candidates(device.info, operation, memory);
    variantsOf.set(operation.label, variants);
    const names = variants.map(({ name }) => name);
    return contest(operation.label, operation.kind, operationKey(device, operation, memory, table, names), names);
  });
  const steps = residentVariants(device, program, plan);
  const stepNames = stepCandidates(device, program, plan);
  const stepContest = contest('whole step', 'step', runnerKey(device, program, plan, stepNames), stepNames);
  const all = [stepContest, ...contests];
  const defaults: VariantChoice = (_, [standard]) => standard!;
  // The evaluation asks for operations that no step has, too.
  const choiceOf = (label: string) => all.find((entry) => entry.label === label)?.choice;
  const choose: VariantChoice = ({ label }, variants) =>
    variants.find(({ name }) => name === choiceOf(label)) ?? variants[0]!;
  const residentOf = (name: string) => steps.find((variant) => variant.name === name);
  const save = (): void => {
    for (const { key, choice, tried, tallies } of all) {
      remember(store, key, { choice, tried, tallies: Object.fromEntries(tallies) });
    }
  };
  const runner = async (pick: VariantChoice, name: string): Promise<Runner> => {
    const variant = residentOf(name);
    return variant
      ? ResidentRunner.create(device, program, memory, plan, variant)
      : chained(await schedule(device, program, memory, pick), table);
  };

  if (budget > 0 && all.some(({ tried, names }) => tried.length < names.length)) {
    reset();
    const watch = new Stopwatch(device, table);
    try {
      if (!device.info.software || budget >= RESIDENT_BUDGET) {
        const make = async (_: Contest, name: string) => {
          const made = await runner(choose, name);
          return { ...watch.steps(made), dispose: () => made.dispose() };
        };
        await contend([stepContest], make, deadline);
      }
      if (everything || !residentOf(stepContest.choice)) {
        const make = async ({ label }: Contest, name: string) => {
          const operation = program.operations.find((other) => other.label === label)!;
          const variant = variantsOf.get(label)!.find((other) => other.name === name)!;
          const made = await dispatch(device, program, memory, operation, variant);
          return { ...watch.operation(made), dispose: () => undefined };
        };
        await contend(contests, make, deadline);
      }
      await refuseOtherBits(device, all, subject, runner, defaults, choose);
    } finally {
      reset();
    }
    save();
  }
  const key = trialKey(
    stepContest.key,
    all.map(({ choice }) => choice),
  );
  return {
    choose,
    resident: residentOf(stepContest.choice),
    operations: () => all.filter(({ names }) => names.length > 1 || names[0] !== CHAINED).map(tuned),
    isDefault: all.every(({ choice, names }) => choice === names[0]),
    tally: recallTally(store, key),
    keep: (tally) => rememberTally(store, key, tally),
    drop: () => {
      for (const entry of all) {
        entry.dropped = entry.choice !== entry.names[0];
        takeBack(entry);
      }
      save();
    },
  };
}

const CHAINED = 'chained';

/** The resident variants that can run a program's steps here. */
function residentVariants(device: Device, program: Program, plan: StepPlan): readonly Variant[] {
  return fitsResident(program, plan) ? resident.variants(device.info) : [];
}

/** Budget in ms from which resident steps are timed in a software adapter, where they take seconds to compile. */
const RESIDENT_BUDGET = 5000;

/** The names of the ways to run a step, the default first. */
function stepCandidates(device: Device, program: Program, plan: StepPlan): readonly string[] {
  return [CHAINED, ...residentVariants(device, program, plan).map(({ name }) => name)];
}

function tuned({ label, kernel, choice, times, known, names, tried, refused, dropped }: Contest): TunedOperation {
  return {
    label,
    kernel,
    variant: choice,
    remembered: known !== undefined && times.size === 0,
    untimed: names.length - tried.length,
    times: [...times].map(([variant, microseconds]) => ({ variant, microseconds })),
    refused,
    dropped,
  };
}
