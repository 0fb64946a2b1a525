// Past runs: the last few before the present one, kept to compare with.

import type { HistoryEntry } from '../index';
import { differences, settingOf, written } from '../experiment/read';
import type { Settings } from '../experiment/setting';

/** A run that is over. */
export interface PastRun {
  /** Counts the runs of this visit, from 1. */
  readonly number: number;
  readonly settings: Settings;
  readonly history: readonly HistoryEntry[];
  /** Why it ended early, where that was not the reader's doing. */
  readonly end?: 'diverged' | 'lost';
}

/** As many as can be told apart at a glance. */
export const MOST_PAST_RUNS = 4;

/** Fewer points make no curve. */
const FEWEST_POINTS = 2;

/**
 * The past runs with one more, oldest first.
 *
 * Of runs with equal settings the longest stays: they have the same curve. A run that equals `next`, the one that
 * begins, is not kept, unless its device was lost and its curve would be missed.
 */
export function keepRun(past: readonly PastRun[], run: PastRun, next: Settings): PastRun[] {
  const equals = (one: Settings, other: Settings) => differences(one, other).length === 0;
  const worthless = run.history.length < FEWEST_POINTS || (equals(run.settings, next) && run.end !== 'lost');
  const twin = past.find(({ settings }) => equals(settings, run.settings));
  const longest = twin && twin.history.length > run.history.length ? twin : run;
  const others = past.filter((kept) => kept !== twin);
  const all = worthless ? [...past] : [...others, longest];
  return all.filter(({ settings, end }) => end === 'lost' || !equals(settings, next)).slice(-MOST_PAST_RUNS);
}

/** What tells a past run from the present one, in a few words: `λ 0.01, seed 3`. */
export function distinction(run: PastRun, present: Settings): string {
  const words = differences(run.settings, present).flatMap((name) => {
    const setting = settingOf(name, run.settings);
    return setting ? [`${shortLabel(setting.label)} ${written(name, run.settings)}`] : [];
  });
  return words.length > 0 ? words.join(' · ') : 'the same settings';
}

/** A label as a legend has room for: its symbol, where it has one. */
function shortLabel(label: string): string {
  return /[αβ₁₂γεμλ]+$/u.exec(label)?.[0] ?? label.toLowerCase();
}
