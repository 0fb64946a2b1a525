// `underglass profile`: trains, and tells where the time of a step goes, how sure that is, and what the adapter could do.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type Ceilings,
  csvOf,
  type Device,
  type HistoryEntry,
  liftedCeilings,
  markdownOf,
  measureCeilings,
  readRecording,
  type Recording,
  traceOf,
  type Trainer,
  UnderglassError,
  writeRecording,
} from '../index';
import { openAdapter } from './adapter';
import { createTrainer, type ExperimentOptions, makePlan } from './experiment';
import { because } from './failure';
import { Interrupt } from './interrupt';
import { openOutputFile } from './output-file';
import { printComparison } from './comparison-report';
import { printRecording } from './profile-report';
import { showProfileProgress } from './progress';
import { type Plan, printPlan } from './results';
import { openScreen, type Screen } from './screen';
import { printText } from './tables';
import { openCeilingsFile, openTuningFile } from './tuning-file';

/** What the command line says of a profile. */
export interface ProfileOptions extends ExperimentOptions {
  /** At most; as many as it takes unless told. */
  readonly epochs?: number;
  /** Steps to time operation by operation. */
  readonly steps: number;
  readonly out?: string;
  readonly record?: string;
  readonly compare?: string;
  readonly csv?: string;
  readonly markdown?: string;
}

/** Where there are no timestamps, so many steps count as one that is timed. */
const STEPS_WITHOUT_STAMPS = 8;

/** Epochs where none were asked for: more than anybody waits for. */
const ENDLESS = 2 ** 31;

/**
 * Profiles, reports, and gives the exit code.
 *
 * @throws UnderglassError `usage`, `io` or `data` before anything is trained, or as `Trainer` does; what was recorded until
 *   then is written and shown first
 */
export async function profile(options: ProfileOptions): Promise<number> {
  const files = await openFiles(options);
  const before = options.compare === undefined ? undefined : await loadRecording('--compare', options.compare);
  const isTextElsewhere = [options.out, options.record, options.csv, options.markdown].includes('-');
  const screen = openScreen(isTextElsewhere ? process.stderr : process.stdout);
  const { settings, epochs = settings.epochs } = options;
  const plan = await makePlan({ ...options, settings: { ...settings, epochs } });
  const tuned = options.tune ? await openTuningFile() : undefined;
  const interrupt = Interrupt.listen(screen, files.all.length === 0);
  try {
    const adapter = await openAdapter();
    try {
      const known = await ceilingsIfAny(adapter.device, interrupt.signal);
      const ceilings = 'ceilings' in known ? known.ceilings : undefined;
      const trainer = await createTrainer(plan, adapter.device, tuned, { keep: Math.max(KEPT, options.steps) });
      printPlan(screen, plan, adapter, trainer.runner, `${options.steps} steps timed operation by operation`);
      for (const text of [tuned?.notice, known.notice]) if (text) printText(screen, text, screen.colours.yellow);
      try {
        const failure = await run(screen, plan, trainer, options, interrupt.signal);
        if (trainer.step > 0) {
          const first = recorded(trainer, ceilings, failure);
          const isRead = interrupt.reason !== 'closed';
          const mayMeasure = failure === undefined && !interrupt.signal.aborted;
          const recording = mayMeasure ? await withSoundCeilings(first, adapter.device, interrupt.signal) : first;
          if (isRead) {
            printRecording(screen, recording);
            if (recording !== first) printText(screen, MEASURED_AGAIN, screen.colours.yellow);
            if (before && options.compare !== undefined) printComparison(screen, before, recording, options.compare);
            if (files.all.some((path) => path !== '-')) screen.print();
          }
          await files.write(recording, (path, what) => {
            if (isRead) printText(screen, `${path}: ${what}`);
          });
        }
        if (failure !== undefined) throw failure;
        return interrupt.exitCode;
      } finally {
        trainer.dispose();
      }
    } finally {
      adapter.device.dispose();
    }
  } finally {
    interrupt.dispose();
  }
}

/** Timed steps and submits to keep, at least. */
const KEPT = 1024;

/** The adapter's ceilings; where they cannot be measured, none, and the sentence that says so: the times do not depend on them. */
async function ceilingsIfAny(
  device: Device,
  signal: AbortSignal,
  again = false,
): Promise<Known | { readonly notice: string }> {
  try {
    return await knownCeilings(device, signal, again);
  } catch (error) {
    if (error instanceof UnderglassError && error.code === 'implausible') return { notice: error.message };
    throw error;
  }
}

const MEASURED_AGAIN = 'An operation was faster than the ceilings allowed, so they were measured again.';

/** The recording under ceilings that are measured again, and remembered, where an operation exceeded what was known of them. */
async function withSoundCeilings(recording: Recording, device: Device, signal: AbortSignal): Promise<Recording> {
  if (!liftedCeilings(recording)?.lifts.length) return recording;
  const known = await ceilingsIfAny(device, signal, true);
  return 'ceilings' in known ? { ...recording, ceilings: known.ceilings } : recording;
}

/** The recording so far; where nothing can be recorded, what went wrong before comes first. */
function recorded(trainer: Trainer, ceilings: Ceilings | undefined, failure: unknown): Recording {
  try {
    return trainer.recording(ceilings ? { ceilings } : {});
  } catch (error) {
    throw failure ?? error;
  }
}

/** Trains until enough steps are timed. @returns what ended it before that, unless it was asked to stop */
async function run(
  screen: Screen,
  { every }: Plan,
  trainer: Trainer,
  { steps, epochs = ENDLESS }: ProfileOptions,
  signal: AbortSignal,
): Promise<unknown> {
  const progress = showProfileProgress(screen);
  const enough = new AbortController();
  const restore = (): void => progress.stop();
  signal.addEventListener('abort', restore);
  const stamped = trainer.device.gpu.features.has('timestamp-query');
  let last: HistoryEntry | undefined;
  try {
    for await (const report of trainer.run({ epochs, every, signal: AbortSignal.any([signal, enough.signal]) })) {
      const { epoch, evaluation, milliseconds } = report;
      if (evaluation) last = { epoch, ...evaluation };
      const timed = stamped ? trainer.timedSteps : Math.floor(trainer.step / STEPS_WITHOUT_STAMPS);
      if (timed >= steps) enough.abort();
      if (!signal.aborted) progress.update({ timed, steps, epoch, last, milliseconds });
    }
    return undefined;
  } catch (error) {
    return error;
  } finally {
    progress.stop();
    signal.removeEventListener('abort', restore);
  }
}

interface Files {
  readonly all: readonly string[];
  /** Tells of each file that was written, but for standard output. */
  write(recording: Recording, tell: (path: string, what: string) => void): Promise<void>;
}

/** Makes sure that every file can be written before anything is trained. */
async function openFiles({ out, record, csv, markdown }: ProfileOptions): Promise<Files> {
  const wanted = [
    ['--out', out, traceText, 'the trace, for ui.perfetto.dev or speedscope.app'],
    ['--record', record, writeRecording, 'the recording, for --compare and underglass roofline --recording'],
    ['--csv', csv, csvOf, 'the table as CSV'],
    ['--markdown', markdown, markdownOf, 'the table as Markdown'],
  ] as const;
  const all = wanted.flatMap(([, path]) => (path === undefined ? [] : [path]));
  if (all.filter((path) => path === '-').length > 1) {
    throw new UnderglassError(
      'usage',
      'only one of --out, --record, --csv and --markdown can be -; name files for the others.',
    );
  }
  requireOwnFiles(wanted);
  const files = await Promise.all(wanted.map(([option, path]) => openOutputFile(option, path)));
  return {
    all,
    // One after the other: one that fails leaves its room on the disk to the others.
    write: async (recording, tell) => {
      const failures: unknown[] = [];
      for (const [i, [, path, textOf, what]] of wanted.entries()) {
        if (path === undefined) continue;
        try {
          await files[i]!.write(textOf(recording));
          if (path !== '-') tell(path, what);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** @throws UnderglassError `usage` where two options name the same file */
function requireOwnFiles(wanted: readonly (readonly [option: string, path: string | undefined, ...unknown[]])[]): void {
  const options = new Map<string, string>();
  for (const [option, path] of wanted) {
    if (path === undefined || path === '-') continue;
    const file = resolve(path);
    const other = options.get(file);
    if (other) {
      throw new UnderglassError('usage', `${other} and ${option} both name ${path}; give each a file of its own.`);
    }
    options.set(file, option);
  }
}

function traceText(recording: Recording): string {
  return `${JSON.stringify(traceOf(recording))}\n`;
}

/** Reads the recording that an option names. @throws UnderglassError `io` or `data` */
export async function loadRecording(option: string, path: string): Promise<Recording> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new UnderglassError(
      'io',
      `${option} ${path} cannot be read: ${because(cause)}; give a file that --record wrote.`,
      {
        cause,
      },
    );
  }
  return readRecording(text, `${option} ${path}`);
}

/** Ceilings, and one sentence where they cannot be remembered. */
interface Known {
  readonly ceilings: Ceilings;
  readonly notice: string | undefined;
}

/** The adapter's ceilings, remembered or measured now. @throws as `measureCeilings` does */
export async function knownCeilings(device: Device, signal: AbortSignal, again = false): Promise<Known> {
  const file = await openCeilingsFile();
  const store = again ? { read: () => undefined, write: file.write } : file;
  const ceilings = await measureCeilings(device, { store, signal });
  return { ceilings, notice: (await file.save()) ?? file.notice };
}
