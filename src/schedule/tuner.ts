// The tuner: times the variants of every operation, and of whole steps, on this adapter, and chooses among them.
//
// A choice never changes a number: all variants add in the same order, and what is chosen is
// held, bit for bit, against the defaults before it is taken.

import type { Device } from '../gpu/device';
import type { Variant } from '../kernels/kernel';
import { resident } from '../kernels/resident';
import type { OperationKind, Program } from '../program/program';
import type { Memory } from './memory';
import { fitsResident, ResidentRunner, type StepPlan } from './resident';
import { chained, type Runner, submitSteps } from './runner';
import { candidates, type Dispatch, dispatch, schedule, type VariantChoice } from './schedule';
import type { StepTable } from './step-table';
import { Stopwatch } from './stopwatch';
import { operationKey, recall, remember, type Remembered, runnerKey, type TuningStore } from './tuning-memory';

/** How to tune. */
export interface TuningOptions {
  /** Where choices are remembered; none are by default. */
  readonly store?: TuningStore;
  /** Time that tuning may take, compiling included, in ms; 0 takes what is remembered. Default 1000. */
  readonly budget?: number;
  /** Time single operations also where whole steps run resident, which have no use for them. Default false. */
  readonly all?: boolean;
}

/** Time of one candidate, the median of one dispatch or one step, in µs. */
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
  /** Candidates that were not timed, for want of time. */
  readonly untimed: number;
  /** The candidates that were timed, the default first. */
  readonly times: readonly CandidateTime[];
  /** Whether a faster candidate was refused because its bits differ from the default's. */
  readonly refused: boolean;
}

/** What to tune, on what. */
export interface TuningSubject {
  readonly program: Program;
  readonly memory: Memory;
  readonly table: StepTable;
  readonly plan: StepPlan;
  /** Brings the memory back to what training begins from, the order of rows included. */
  readonly reset: () => void;
  /** All that a step changes for good, read back. */
  readonly state: () => Promise<readonly Float32Array[]>;
}

/** A choice for every operation and for the steps, and how it came about. */
export interface Tuning {
  readonly choose: VariantChoice;
  /** The resident variant that steps run in, or undefined for chained operations. */
  readonly resident: Variant | undefined;
  readonly operations: readonly TunedOperation[];
}

/** A candidate must be faster by this factor than what comes before it: ties go to the default, then to the simpler. */
const TIE = 1.04;

/** Steps that are compared, at most. */
const COMPARED_STEPS = 3;

/** A choice in the making: an operation's variant, or the steps' runner. */
interface Contest {
  readonly label: string;
  readonly kernel: OperationKind | 'step';
  readonly key: string;
  readonly names: readonly string[];
  readonly known: Remembered | undefined;
  readonly times: Map<string, number>;
  tried: string[];
  choice: string;
  refused: boolean;
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
  const contest = (label: string, kernel: Contest['kernel'], key: string, names: readonly string[]): Contest => {
    const known = recall(store, key, names);
    const choice = known?.choice ?? names[0]!;
    const tried = [...(known?.tried ?? [names[0]!])];
    return { label, kernel, key, names, known, times: new Map(), tried, choice, refused: false };
  };
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
        await contendSteps(stepContest, (name) => runner(choose, name), watch, deadline);
      }
      if (everything || !residentOf(stepContest.choice)) {
        const make = (label: string, name: string) => {
          const operation = program.operations.find((other) => other.label === label)!;
          const variant = variantsOf.get(label)!.find((other) => other.name === name)!;
          return dispatch(device, program, memory, operation, variant);
        };
        await contendOperations(contests, make, watch, deadline);
      }
      await refuseOtherBits(device, all, subject, runner, defaults, choose);
    } finally {
      reset();
    }
    for (const { key, choice, tried } of all) {
      remember(store, key, { choice, tried });
    }
  }
  return {
    choose,
    resident: residentOf(stepContest.choice),
    operations: all.filter(({ names }) => names.length > 1 || names[0] !== CHAINED).map(tuned),
  };
}

const CHAINED = 'chained';

/** The resident variants that can run a program's steps here. */
function residentVariants(device: Device, program: Program, plan: StepPlan): readonly Variant[] {
  return fitsResident(program, plan) ? resident.variants(device.info) : [];
}

/** Networks that make a group worth the long compilation of the resident shader in a software adapter. */
const MANY_MEMBERS = 4;

/** Budget in ms from which resident steps are timed in a software adapter, where they take seconds to compile. */
const RESIDENT_BUDGET = 5000;

/** The names of the ways to run a step, the default first. */
function stepCandidates(device: Device, program: Program, plan: StepPlan): readonly string[] {
  const names = residentVariants(device, program, plan).map(({ name }) => name);
  return defaultResident(device, program, plan) ? [...names, CHAINED] : [CHAINED, ...names];
}

/**
 * The resident variant that is taken where nothing was timed, or undefined for chained operations.
 *
 * A software adapter runs groups resident, one network a core; on a GPU nothing is taken for granted.
 */
export function defaultResident(device: Device, program: Program, plan: StepPlan): Variant | undefined {
  const [standard] = residentVariants(device, program, plan);
  return device.info.software && program.members >= MANY_MEMBERS ? standard : undefined;
}

function tuned({ label, kernel, choice, times, known, names, tried, refused }: Contest): TunedOperation {
  return {
    label,
    kernel,
    variant: choice,
    remembered: known !== undefined && times.size === 0,
    untimed: names.length - tried.length,
    times: [...times].map(([variant, microseconds]) => ({ variant, microseconds })),
    refused,
  };
}

/** Lets the untried ways to run a step contend with the choice so far. */
async function contendSteps(
  contest: Contest,
  make: (name: string) => Promise<Runner>,
  watch: Stopwatch,
  deadline: number,
): Promise<void> {
  const untried = contest.names.filter((name) => !contest.tried.includes(name));
  if (untried.length === 0 || performance.now() > deadline) {
    return;
  }
  let best = await make(contest.choice);
  try {
    for (const name of untried) {
      if (performance.now() > deadline) {
        return;
      }
      const next = await make(name);
      const [standing, candidate] = await watch.compareSteps(best, next);
      contest.tried.push(name);
      contest.times.set(contest.choice, contest.times.get(contest.choice) ?? standing);
      contest.times.set(name, candidate);
      const wins = candidate * TIE < standing;
      (wins ? best : next).dispose();
      if (wins) {
        best = next;
        contest.choice = name;
      }
    }
  } finally {
    best.dispose();
  }
}

/** Lets untried variants contend, always those of the operation that takes longest. */
async function contendOperations(
  contests: readonly Contest[],
  make: (label: string, name: string) => Promise<Dispatch>,
  watch: Stopwatch,
  deadline: number,
): Promise<void> {
  const open = contests.filter(({ tried, names }) => tried.length < names.length);
  const began = performance.now();
  const ready = await Promise.all(open.map((entry) => make(entry.label, entry.choice)));
  const standing = new Map(open.map((entry, i) => [entry, ready[i]!]));
  // Compiling cannot be interrupted: none is begun that would not end in time, judged by those before it.
  let compiling = (2 * (performance.now() - began)) / Math.max(1, open.length);
  if (performance.now() + compiling > deadline) {
    return;
  }
  const cost = new Map<Contest, number>();
  for (const [entry, candidate] of standing) {
    cost.set(entry, (await watch.compare(candidate, candidate))[0]);
  }
  while (performance.now() + compiling < deadline) {
    const [entry] = open
      .filter(({ tried, names }) => tried.length < names.length)
      .toSorted((a, b) => cost.get(b)! / b.tried.length - cost.get(a)! / a.tried.length);
    if (!entry) {
      return;
    }
    const name = entry.names.find((other) => !entry.tried.includes(other))!;
    const before = performance.now();
    const next = await make(entry.label, name);
    compiling = Math.max(compiling, performance.now() - before);
    const [now, candidate] = await watch.compare(standing.get(entry)!, next);
    entry.tried.push(name);
    entry.times.set(entry.choice, entry.times.get(entry.choice) ?? now);
    entry.times.set(name, candidate);
    if (candidate * TIE < now) {
      entry.choice = name;
      standing.set(entry, next);
    }
  }
}

/** Takes back every choice that computes other bits than the defaults do. */
async function refuseOtherBits(
  device: Device,
  contests: readonly Contest[],
  subject: TuningSubject,
  runner: (pick: VariantChoice, name: string) => Promise<Runner>,
  defaults: VariantChoice,
  choose: VariantChoice,
): Promise<void> {
  const changed = contests.filter(({ choice, names }) => choice !== names[0]);
  if (changed.length === 0) {
    return;
  }
  const [steps] = contests;
  const expected = await stateAfter(device, subject, await runner(defaults, steps!.names[0]!));
  const agrees = async () => same(expected, await stateAfter(device, subject, await runner(choose, steps!.choice)));
  if (await agrees()) {
    return;
  }
  // Something differs: each choice is tried alone, and kept if it is innocent.
  const wanted = changed.map(({ choice }) => choice);
  for (const entry of changed) {
    entry.choice = entry.names[0]!;
  }
  for (const [i, entry] of changed.entries()) {
    entry.choice = wanted[i]!;
    if (!(await agrees())) {
      entry.choice = entry.names[0]!;
      entry.refused = true;
    }
  }
}

async function stateAfter(
  device: Device,
  { reset, state, table }: TuningSubject,
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
