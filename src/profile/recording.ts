// A recording: all that one profile found out, as data that can be written to a file and loaded again.

import { UnderglassError } from '../base/errors';
import type { OperationCost } from '../program/operation-cost';
import type { OperationKind, Phase } from '../program/program';
import type { Accounting, Interval } from './accounting';
import type { Ceilings } from './ceilings';
import type { Clock } from './clock';
import type { Estimate, Ranged } from './estimate';
import type { PhaseLock } from './phase-lock';
import { checkRecording, fieldOf } from './recording-check';

/** What the file says it is. */
export const RECORDING_FORMAT = 'underglass-recording';

/** Grows with every change that an older reader would misread. */
export const RECORDING_VERSION = 1;

/** The adapter, as far as times depend on it. */
export interface RecordedDevice {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly software: boolean;
}

/** One operation of the step, what it costs and what it took. */
export interface RecordedOperation {
  readonly label: string;
  readonly kind: OperationKind;
  readonly phase: Phase;
  /** The layer's index from 0, or null for operations of no layer. */
  readonly layer: number | null;
  /** Name of the kernel's variant. */
  readonly variant: string;
  /** Workgroups along x, y and z. */
  readonly grid: readonly number[];
  /** Threads of a workgroup along x, y and z. */
  readonly workgroup: readonly number[];
  readonly cost: OperationCost;
  /** Runs in each sample. */
  readonly repeats: number;
  /** The samples that came out sound, in ns and in order. */
  readonly samplesNs: readonly number[];
  /** In a pass of its own. */
  readonly estimate: Estimate;
}

/** A pass of the timeline. */
export interface TimelinePass extends Interval {
  /** What it does: an operation's label, `12 steps`, `evaluation` or `gap`. */
  readonly name: string;
  /** Index of its operation in the recording; null for what is none of them. */
  readonly operation: number | null;
}

/** One submit of the timeline, in µs on the CPU's clock from the start of the recording. */
export interface TimelineSubmit {
  readonly encode: Interval;
  readonly submit: Interval;
  readonly readBack: Interval;
  readonly passes: readonly TimelinePass[];
  /** Training steps that it held. */
  readonly steps: number;
  /** The mean loss of its last step, or null. */
  readonly loss: number | null;
}

/** Plain values that a configuration is made of. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[];

export interface Recording {
  readonly format: typeof RECORDING_FORMAT;
  readonly version: typeof RECORDING_VERSION;
  readonly device: RecordedDevice;
  readonly clock: Clock;
  readonly phaseLock: PhaseLock;
  /** Whether steps had kept time with the clock, so that a random gap goes before each of those recorded here. */
  readonly gaps: boolean;
  /** Options of the run: sizes, batch, program and so on. */
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly operations: readonly RecordedOperation[];
  /** From the first begin to the last end of a step with a pass for every operation. */
  readonly profiledStep: Estimate;
  /** Of a step as it trains. */
  readonly productionStep: Estimate;
  /** The one over the other, or null where one is not measured. */
  readonly tax: Ranged | null;
  readonly ceilings: Ceilings | null;
  readonly accounting: Accounting | null;
  readonly timeline: readonly TimelineSubmit[];
  /** What makes the numbers doubtful, in sentences; undefined in recordings of before it was looked for. */
  readonly warnings?: readonly string[];
}

/** The recording as the text of a file. */
export function writeRecording(recording: Recording): string {
  return `${JSON.stringify(recording)}\n`;
}

/**
 * Reads a recording, and checks every part of it.
 *
 * @param source begins the error's sentence: the file's name
 * @throws UnderglassError `data` where the text is cut off, of another version, or not a recording
 */
export function readRecording(text: string, source: string): Recording {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const cutOff = text.trimStart().startsWith(`{"format":"${RECORDING_FORMAT}"`);
    throw new UnderglassError(
      'data',
      cutOff
        ? `${source}: the recording is cut off after ${text.length} characters; record it again.`
        : `${source}: not a recording of Underglass, as it is no JSON; give a file that \`underglass profile\` wrote.`,
      { cause },
    );
  }
  if (fieldOf(value, 'format') !== RECORDING_FORMAT) {
    throw new UnderglassError(
      'data',
      `${source}: not a recording of Underglass; give a file that \`underglass profile\` wrote.`,
    );
  }
  const version = fieldOf(value, 'version');
  if (version !== RECORDING_VERSION) {
    throw new UnderglassError(
      'data',
      `${source}: a recording of version ${JSON.stringify(version)}, and this Underglass reads version ` +
        `${RECORDING_VERSION}; record it again.`,
    );
  }
  checkRecording(value, source);
  return value;
}
