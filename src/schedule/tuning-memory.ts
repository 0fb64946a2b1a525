// What tuning remembers from run to run, and under which keys.

import type { Device } from '../gpu/device';
import type { Shader } from '../gpu/pipelines';
import { kernels } from '../kernels';
import { resident } from '../kernels/resident';
import type { Operation, Program } from '../program/program';
import { networkSizes } from '../nn/network';
import type { Memory } from './memory';
import type { StepPlan } from './resident';
import { operationConstants } from './schedule';
import type { StepTable } from './step-table';
import { NO_PAIRS, type Tally } from './verdict';

/** Remembers choices from run to run. What does not fit any more is never taken; see `recall`. */
export interface TuningStore {
  readonly read: (key: string) => string | undefined;
  readonly write: (key: string, choice: string) => void;
}

/** An entry of the store: what was chosen, out of which candidates, and how those stand that are not judged yet. */
export interface Remembered {
  readonly choice: string;
  /** The default, and the candidates that were judged. */
  readonly tried: readonly string[];
  /** Pairs of readings against the choice, by candidate. */
  readonly tallies: Readonly<Record<string, Tally>>;
}

/** The entry under a key, or undefined where there is none or it does not name candidates alone. */
export function recall(store: TuningStore | undefined, key: string, names: readonly string[]): Remembered | undefined {
  const known = (name: unknown): name is string => typeof name === 'string' && names.includes(name);
  const entry = read(store, key);
  if (typeof entry !== 'object' || entry === null || !('choice' in entry && 'tried' in entry && 'tallies' in entry)) {
    return undefined;
  }
  const { choice, tried, tallies } = entry;
  return known(choice) &&
    Array.isArray(tried) &&
    tried.every(known) &&
    tried.includes(choice) &&
    areTallies(tallies, known)
    ? { choice, tried, tallies }
    : undefined;
}

export function remember(store: TuningStore | undefined, key: string, entry: Remembered): void {
  store?.write(key, JSON.stringify(entry));
}

/** What training found out about choices under a key; no pairs where there is nothing that `rememberTally` wrote. */
export function recallTally(store: TuningStore | undefined, key: string): Tally {
  const entry = read(store, key);
  return isTally(entry) ? entry : NO_PAIRS;
}

export function rememberTally(store: TuningStore | undefined, key: string, { wins, losses }: Tally): void {
  store?.write(key, JSON.stringify({ wins, losses }));
}

function read(store: TuningStore | undefined, key: string): unknown {
  try {
    return JSON.parse(store?.read(key) ?? 'null');
  } catch {
    // Not what this file writes.
    return undefined;
  }
}

function areTallies(value: unknown, known: (name: string) => boolean): value is Readonly<Record<string, Tally>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, tally]) => known(name) && isTally(tally))
  );
}

function isTally(value: unknown): value is Tally {
  const isCount = (count: unknown) => Number.isSafeInteger(count) && Number(count) >= 0;
  return (
    typeof value === 'object' &&
    value !== null &&
    'wins' in value &&
    'losses' in value &&
    isCount(value.wins) &&
    isCount(value.losses)
  );
}

/** All that the choice of an operation's variant depends on: adapter, shader, shapes, rows, members, candidates. */
export function operationKey(
  device: Device,
  operation: Operation,
  memory: Memory,
  table: StepTable,
  names: readonly string[],
): string {
  const { shader } = kernels[operation.kind];
  const rows = table.ranges[0]!.rows;
  const members = memory.tensor('parameter').members;
  const constants = operationConstants(operation, memory);
  return JSON.stringify([adapterOf(device), operation.kind, hash(device, shader), constants, rows, members, names]);
}

/** All that the choice of how steps are run depends on. */
export function runnerKey(device: Device, program: Program, plan: StepPlan, names: readonly string[]): string {
  const shaders = [resident.shader, ...program.operations.map(({ kind }) => kernels[kind].shader)];
  const hashes = shaders.map((shader) => hash(device, shader));
  const { network, batchRows, stepsAnEpoch } = plan;
  const shape = [networkSizes(network), batchRows, stepsAnEpoch > 1, program.members];
  return JSON.stringify([adapterOf(device), 'step', hashes, shape, names]);
}

/** Under which what training found out about choices is remembered: the steps' key, and the choices themselves. */
export function trialKey(steps: string, choices: readonly string[]): string {
  return JSON.stringify(['trial', steps, choices]);
}

function adapterOf({ info }: Device): readonly string[] {
  return [info.vendor, info.architecture, info.description];
}

/** FNV-1a, 32 bits: enough to tell a shader from its other versions. */
function hash(device: Device, shader: Shader): number {
  const text = device.pipelines.codeOf(shader);
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return value;
}
