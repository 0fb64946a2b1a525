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

/** Remembers choices from run to run. What does not fit any more is never taken; see `recall`. */
export interface TuningStore {
  readonly read: (key: string) => string | undefined;
  readonly write: (key: string, choice: string) => void;
}

/** An entry of the store: what was chosen, and out of which candidates. */
export interface Remembered {
  readonly choice: string;
  readonly tried: readonly string[];
}

/** The entry under a key, or undefined where there is none or it does not name candidates alone. */
export function recall(store: TuningStore | undefined, key: string, names: readonly string[]): Remembered | undefined {
  const text = store?.read(key);
  if (text === undefined) {
    return undefined;
  }
  try {
    const entry: unknown = JSON.parse(text);
    const known = (name: unknown): name is string => typeof name === 'string' && names.includes(name);
    if (typeof entry !== 'object' || entry === null || !('choice' in entry) || !('tried' in entry)) {
      return undefined;
    }
    const { choice, tried } = entry;
    if (known(choice) && Array.isArray(tried) && tried.every(known) && tried.includes(choice)) {
      return { choice, tried };
    }
  } catch {
    // Not what `remember` writes.
  }
  return undefined;
}

export function remember(store: TuningStore | undefined, key: string, entry: Remembered): void {
  store?.write(key, JSON.stringify(entry));
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
