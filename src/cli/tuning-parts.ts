// A tuning in parts: between two of them what was found is kept, progress is told, and Ctrl-C is obeyed.

import { type Device, Trainer, type TrainerOptions, type TunedOperation, type TuningStore } from '../index';
import { showTuningProgress } from './progress';
import type { Screen } from './screen';
import type { TuningFile } from './tuning-file';

/** Time for tuning in ms: whoever asks for it by name wants every candidate timed. */
const BUDGET = 60_000;

/** Time of a part of it, in ms. */
const PART = 6000;

/** Times the variants, remembered ones too, until none is left, the time is over, or the signal stops it. */
export async function tuneInParts(
  screen: Screen,
  device: Device,
  setup: TrainerOptions,
  file: TuningFile,
  signal: AbortSignal,
): Promise<TunedOperation[]> {
  const made = new Map<string, string>();
  const store: TuningStore = {
    read: (key) => made.get(key),
    write: (key, choice) => {
      made.set(key, choice);
      file.write(key, choice);
    },
  };
  const found = new Map<string, TunedOperation>();
  const progress = showTuningProgress(screen);
  const restore = (): void => progress.stop();
  signal.addEventListener('abort', restore);
  const began = performance.now();
  let left = Number.POSITIVE_INFINITY;
  try {
    for (let budget = PART; left > 0 && budget > 0 && !signal.aborted; ) {
      const trainer = await Trainer.create(device, { ...setup, profile: false, tuning: { budget, all: true, store } });
      for (const operation of trainer.tuned) found.set(operation.label, joined(found.get(operation.label), operation));
      trainer.dispose();
      const untimed = [...found.values()].reduce((sum, operation) => sum + operation.untimed, 0);
      const timed = [...found.values()].reduce((sum, { times }) => sum + times.length, 0);
      const rest = BUDGET - (performance.now() - began);
      // What takes longer to compile than a part has gets all that is left.
      budget = untimed < left ? Math.min(PART, rest) : budget < rest ? rest : 0;
      left = untimed;
      if (!signal.aborted) progress.update({ timed, untimed });
    }
    return [...found.values()];
  } finally {
    progress.stop();
    signal.removeEventListener('abort', restore);
  }
}

/**
 * What two parts found of an operation: the later one's choice, and the times of both.
 *
 * The machine may have been slower in one of them, so the earlier times are taken by the factor of a variant that both timed.
 */
export function joined(before: TunedOperation | undefined, after: TunedOperation): TunedOperation {
  if (!before) return after;
  const later = new Map(after.times.map((time) => [time.variant, time]));
  const both = before.times.find(({ variant }) => later.has(variant));
  const factor = both ? later.get(both.variant)!.microseconds / both.microseconds : 1;
  const times = new Map(
    before.times.map(({ variant, microseconds }) => [variant, { variant, microseconds: factor * microseconds }]),
  );
  for (const [variant, time] of later) times.set(variant, time);
  return { ...after, remembered: false, times: [...times.values()], refused: before.refused || after.refused };
}
