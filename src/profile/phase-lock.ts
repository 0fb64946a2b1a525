// Phase lock: whether timed steps keep time with the clock that rounds their stamps.
//
// A mean over rounded spans is right only if steps begin at all phases of the quantum alike. Rounding hides the phase, but not the steps' rhythm.

import { normalCdf } from '../base/distributions';
import { fitLine } from './line';

/** What was found out about the phases of timed steps. */
export interface PhaseLock {
  /**
   * - `free`: nothing keeps them from being uniform
   * - `locked`: they are not, and means may be off by more than their intervals
   * - `unknown`: too few steps, or neither rhythm nor rounding shows them
   */
  readonly verdict: 'free' | 'locked' | 'unknown';
  /** Steps until a phase comes again: 1 where all have the same; undefined unless locked with a rhythm. */
  readonly order: number | undefined;
}

/** Options of {@link detectPhaseLock}. */
export interface PhaseLockOptions {
  readonly quantumNs: number;
  /** The number of each timed step, where not every step was timed. Default 0, 1, 2, ... */
  readonly numbers?: readonly number[];
}

/** Fewest steps that show a rhythm. */
const FEWEST_STEPS = 30;

/** Half the width of a 95% interval of a share from n samples is at most this over √n. */
const HALF_WIDTH = 0.98;

/** Deviations of begins from their rhythm, in quanta, that are tried; beyond the last, phases are uniform whatever the rhythm. */
const DEVIATIONS = [0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.65] as const;

/** Variance of a rounding error, in squared quanta. */
const ROUNDING = 1 / 12;

/** Stamps of a step that are looked at: more would say the same again. */
const MOST_COLUMNS = 4;

/**
 * Looks for phase lock in the rounded stamps of timed steps, all of the same passes.
 *
 * Stamps S of one pass follow a line, S_i = floor(α + P i + ε_i) in quanta, as far as steps come regularly. The line tells each step's phase up to
 * a constant, and ε's deviation σ, the likeliest under the stamps, how far the steps stray from it. Phases have the Fourier coefficients
 * C_h = |Σ exp(2π i h P i)| / n · exp(-2 π² h² σ²), and the mean of rounded spans can be off by 2 C_h / (π h) quanta. Where that exceeds half of an
 * interval, the steps are locked.
 *
 * Steps that come irregularly show lock only within: of spans longer than a quantum, none mixes two multiples of it.
 *
 * It does not see irregular steps that start at one phase if their spans vary by much of a quantum, or are shorter than one.
 */
export function detectPhaseLock(steps: readonly BigUint64Array[], options: PhaseLockOptions): PhaseLock {
  const { quantumNs, numbers = steps.map((_, i) => i) } = options;
  const sound = steps.map((stamps, i) => ({ stamps, number: numbers[i]! })).filter(({ stamps }) => isAscending(stamps));
  if (sound.length < FEWEST_STEPS) {
    return { verdict: 'unknown', order: undefined };
  }
  const origin = sound[0]!.stamps[0]!;
  const columns = Array.from({ length: sound[0]!.stamps.length }, (_, column) =>
    sound.map(({ stamps }) => Math.round(Number(stamps[column]! - origin) / quantumNs)),
  );
  const places = sound.map(({ number }) => number - sound[0]!.number);
  return inRhythm(spread(columns, MOST_COLUMNS), places) ?? withinSteps(columns);
}

/** Judges steps that follow a line, or undefined where they do not. One pass whose begin or end is locked is enough. */
function inRhythm(columns: readonly (readonly number[])[], places: readonly number[]): PhaseLock | undefined {
  const lines = columns.map((levels) => ({ levels, ...fitLine(places, levels) }));
  const regular = lines.filter(({ variance }) => variance <= DEVIATIONS.at(-1)! ** 2 + ROUNDING);
  if (regular.length === 0) {
    return undefined;
  }
  const limit = HALF_WIDTH / Math.sqrt(places.length);
  for (const { levels, slope } of regular) {
    const harms = Array.from({ length: Math.floor(Math.sqrt(places.length)) }, (_, i) => {
      const order = i + 1;
      return { order, harm: (2 * resultant(places, slope * order)) / (Math.PI * order) };
    }).filter(({ harm }) => harm > limit);
    if (harms.length > 0) {
      const deviation = likeliestDeviation(levels, places, slope);
      const locked = harms.find(({ order, harm }) => harm * Math.exp(-2 * (Math.PI * order * deviation) ** 2) > limit);
      if (locked) {
        return { verdict: 'locked', order: locked.order };
      }
    }
  }
  return { verdict: 'free', order: undefined };
}

/** Length of the mean of the unit vectors exp(2π i · place · turns). */
function resultant(places: readonly number[], turns: number): number {
  let [x, y] = [0, 0];
  for (const place of places) {
    const angle = 2 * Math.PI * ((place * turns) % 1);
    x += Math.cos(angle);
    y += Math.sin(angle);
  }
  return Math.hypot(x, y) / places.length;
}

/** Bins of the line's phase: a bin is narrower than the smallest deviation. */
const BINS = 64;

/** Offsets of the line that are tried, from the likeliest by its mean, in quanta. */
const OFFSETS = Array.from({ length: 49 }, (_, i) => (i - 24) / 40);

/** The likeliest deviation of the stamps from the line of this slope, at its own likeliest offset. */
function likeliestDeviation(levels: readonly number[], places: readonly number[], slope: number): number {
  const { cells, offset } = countByPhase(levels, places, slope);
  const likelihoods = DEVIATIONS.map((deviation) =>
    Math.max(...OFFSETS.map((shift) => logLikelihood(cells, offset + shift, deviation))),
  );
  return DEVIATIONS[likelihoods.indexOf(Math.max(...likelihoods))]!;
}

/** Stamps with the same phase of the line and the same level relative to it. */
interface Cell {
  readonly phase: number;
  readonly level: number;
  count: number;
}

function countByPhase(levels: readonly number[], places: readonly number[], slope: number) {
  const cells = new Map<number, Cell>();
  let residuals = 0;
  for (const [i, level] of levels.entries()) {
    const line = slope * places[i]!;
    const bin = Math.floor((line - Math.floor(line)) * BINS);
    const relative = level - Math.floor(line);
    residuals += level - line;
    const key = relative * BINS + bin;
    const cell = cells.get(key) ?? { phase: (bin + 0.5) / BINS, level: relative, count: 0 };
    cell.count++;
    cells.set(key, cell);
  }
  // Rounding down takes half a quantum away on average.
  return { cells: [...cells.values()], offset: residuals / levels.length + 0.5 };
}

/** Chance of a stamp that has nothing to do with the line: no single one may forbid an explanation. */
const STRAY = 1e-4;

function logLikelihood(cells: readonly Cell[], offset: number, deviation: number): number {
  let sum = 0;
  for (const { phase, level, count } of cells) {
    const at = offset + phase;
    const chance = normalCdf((level + 1 - at) / deviation) - normalCdf((level - at) / deviation);
    sum += count * Math.log(STRAY + (1 - STRAY) * chance);
  }
  return sum;
}

/** Chance that spans of any length mix their two multiples so little, below which steps are locked. */
const NOT_CHANCE = 0.005;

/** Judges irregular steps by how their spans mix neighbouring multiples of the quantum. */
function withinSteps(columns: readonly (readonly number[])[]): PhaseLock {
  const span = (from: number, to: number) => columns[to]!.map((level, i) => level - columns[from]![i]!);
  const passes = columns.flatMap((_, i) => (i % 2 === 0 ? [span(i, i + 1)] : []));
  const whole = span(0, columns.length - 1);
  const long = passes.filter((levels) => mostFrequent(levels).level >= 1);
  const judged = long.length > 0 || mostFrequent(whole).level < 1 ? long : [whole];
  if (judged.length === 0) {
    return { verdict: 'unknown', order: undefined };
  }
  // A span of k quanta and a uniform share r has a part min(r, 1 - r) on the rarer side, uniform below a half.
  const product = judged.reduce((chance, levels) => {
    const rarer = levels.length - mostFrequent(levels).count;
    return chance * Math.min(1, (2 * (rarer + 1)) / (levels.length + 1));
  }, 1);
  // The chance that a product of as many uniform numbers is so small.
  let [term, sum] = [1, 0];
  for (let k = 0; k < judged.length; k++) {
    sum += term;
    term *= -Math.log(product) / (k + 1);
  }
  return { verdict: product * sum < NOT_CHANCE ? 'locked' : 'free', order: undefined };
}

function mostFrequent(levels: readonly number[]): { readonly level: number; readonly count: number } {
  const counts = new Map<number, number>();
  for (const level of levels) {
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  const [level, count] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  return { level, count };
}

function isAscending(stamps: BigUint64Array): boolean {
  return stamps.every((stamp, i) => stamp > 0n && (i % 2 === 0 || stamp >= stamps[i - 1]!));
}

/** At most `count` of the entries, evenly spread from the first to the last. */
function spread<T>(entries: readonly T[], count: number): T[] {
  if (entries.length <= count) return [...entries];
  return Array.from({ length: count }, (_, i) => entries[Math.round((i * (entries.length - 1)) / (count - 1))]!);
}

/** What to do about lock: both bring the phases apart, by themselves or in effect. */
export interface LockRemedy {
  /** Time to wait before each timed step, in ns: drawn anew from 0 to this, uniformly. */
  readonly gapNs: number;
  /** Or runs of the operation in each sample, for operations that may be repeated without changing their result. */
  readonly repeats: number;
}

/** Largest error that repeats should leave, relative to the time. */
const REPEAT_ERROR = 0.02;

/**
 * The answer to lock: random gaps of up to one quantum, or so many repeats that a whole quantum is 2% of a sample.
 *
 * @param meanNs of the operation, or an upper bound of it
 */
export function lockRemedy(quantumNs: number, meanNs: number): LockRemedy {
  return { gapNs: quantumNs, repeats: Math.max(1, Math.ceil(quantumNs / (REPEAT_ERROR * meanNs))) };
}
