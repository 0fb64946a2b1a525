// Measuring: peers take turns at a task, after their results were found to agree.

import { median, quantile } from '../src/base/statistics';
import type { Contestant, Sample } from './peers';
import type { Row, Spread } from './results';
import type { Task } from './tasks';

/** Losses of all peers agree to this, relative to the larger of 1 and the loss. */
const AGREEMENT = 1e-3;

/** Steps in one batch at most. */
const MOST_STEPS = 20_000;

/** Batches of a single step that show what a batch costs besides its steps. */
const SINGLES = 5;

/** How much to measure. */
export interface Effort {
  readonly rounds: number;
  /** ms */
  readonly batch: number;
  /** ms */
  readonly patience: number;
}

/** What happened at a task. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  /** Peers that failed: their pages may be in any state. */
  readonly broken: readonly Contestant[];
}

/** One peer's measurement in the making. */
interface Entry {
  readonly contestant: Contestant;
  readonly singles: Sample[];
  readonly batches: Sample[];
  /** One batch of two steps, where the batches have a single step. */
  readonly doubles: Sample[];
  /** CPU time of the main thread for a step, in ms. */
  mainThread: number | undefined;
  /** Steps a batch. */
  count: number;
  spent: number;
}

/** Lets the peers take turns at a task. A peer that fails or disagrees is left out, and a note says so. */
export async function measureTask(
  contestants: readonly Contestant[],
  task: Task,
  { rounds, batch, patience }: Effort,
  progress: (text: string) => void,
): Promise<Outcome> {
  const notes: string[] = [];
  const broken: Contestant[] = [];
  let entries: Entry[] = [];
  /** Runs `work` for an entry; drops it where that fails. */
  const attempt = async (entry: Entry, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      notes.push(`${task.name}: ${entry.contestant.name} failed: ${reason(error)}`);
      broken.push(entry.contestant);
      entries = entries.filter((other) => other !== entry);
    }
  };

  entries = contestants.map((contestant) => ({
    contestant,
    singles: [],
    batches: [],
    doubles: [],
    mainThread: undefined,
    count: 1,
    spent: 0,
  }));
  const scores = new Map<Entry, number>();
  for (const entry of entries) {
    const { contestant } = entry;
    progress(`${task.name}: ${contestant.name} checks`);
    await attempt(entry, async () => {
      await contestant.prepare(task);
      await contestant.step(task.check);
      scores.set(entry, await contestant.score());
      // Compiled and warm by now.
      for (let i = 0; i < SINGLES && (i === 0 || entry.spent < patience / 4); i++) {
        const sample = await contestant.step(1);
        entry.singles.push(sample);
        entry.spent += sample.milliseconds;
      }
      entry.count = await stepsFor(entry, batch);
      if (entry.count === 1 && entry.singles[0]!.dispatches !== undefined) entry.doubles.push(await contestant.step(2));
    });
  }

  const agreed = consensus(entries.map((entry) => scores.get(entry)!));
  entries = entries.filter((entry) => {
    const score = scores.get(entry)!;
    const agrees = Math.abs(score - agreed) <= AGREEMENT * Math.max(1, Math.abs(agreed));
    if (!agrees) {
      notes.push(
        `${task.name}: ${entry.contestant.name} is refused: its result is ${score.toPrecision(6)} where the peers' ` +
          `median is ${agreed.toPrecision(6)}`,
      );
    }
    return agrees;
  });

  for (let round = 0; round < rounds; round++) {
    for (const entry of turn(entries, round)) {
      // Three rounds, or two short of time, are the least that show a spread.
      if (round >= 2 && entry.spent > patience) continue;
      progress(`${task.name}: round ${round + 1} of ${rounds}, ${entry.contestant.name}`);
      await attempt(entry, async () => {
        const sample = await entry.contestant.step(entry.count);
        entry.batches.push(sample);
        entry.spent += sample.milliseconds;
      });
    }
  }
  for (const entry of entries) {
    progress(`${task.name}: main thread of ${entry.contestant.name}`);
    await attempt(entry, async () => {
      entry.mainThread = await mainThreadAStep(entry, patience);
    });
  }
  return { rows: entries.map((entry) => row(task, entry)), notes, broken };
}

/** The order of a round: each peer in turn begins, and every other round goes backwards. */
export function turn<T>(items: readonly T[], round: number): T[] {
  const first = items.length === 0 ? 0 : round % items.length;
  const rotated = [...items.slice(first), ...items.slice(0, first)];
  return round % 2 === 0 ? rotated : rotated.toReversed();
}

/** Median and spread of a list of times in ms. */
export function spread(times: readonly number[]): Spread {
  return { medianMs: median(times), p10Ms: quantile(times, 0.1), p90Ms: quantile(times, 0.9), n: times.length };
}

/** One sentence without the library's stack. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]!.replace(/^page\.\w+: (\w*Error: )?/, '');
}

/** Steps whose batch takes about `target` ms; found by growing batches, since single steps hide behind waits. */
async function stepsFor(entry: Entry, target: number): Promise<number> {
  const single = Math.min(...entry.singles.map(({ milliseconds }) => milliseconds));
  let count = 1;
  let took = single;
  while (took < target / 3 && count < MOST_STEPS) {
    const next = Math.min(MOST_STEPS, Math.ceil(count * Math.min(8, Math.max(1.5, target / took))));
    const { milliseconds } = await entry.contestant.step(next);
    entry.spent += milliseconds;
    count = next;
    took = milliseconds;
  }
  return Math.min(MOST_STEPS, Math.max(1, Math.round((count * target) / took)));
}

function consensus(scores: readonly number[]): number {
  const finite = scores.filter((score) => Number.isFinite(score));
  return finite.length === 0 ? Number.NaN : median(finite);
}

function row(task: Task, { contestant, singles, batches, doubles, mainThread, count }: Entry): Row {
  const times = batches.map(({ milliseconds }) => (task.scale * milliseconds) / count);
  const dispatches = count === 1 ? dispatchesAStep(singles, doubles, 2) : dispatchesAStep(singles, batches, count);
  return {
    task: task.name,
    peer: contestant.name,
    ...rounded(spread(times)),
    jsUs: mainThread === undefined ? null : Number((1000 * mainThread).toPrecision(4)),
    dispatches: dispatches === undefined ? null : Number(dispatches.toFixed(2)),
  };
}

/** What one step adds: the slope between batches of one and of more steps; the least of a few, as CPU time only grows. */
async function mainThreadAStep({ contestant, count, singles }: Entry, patience: number): Promise<number | undefined> {
  const steps = Math.max(2, count);
  const slow = singles[0]!.milliseconds * 4 > patience;
  const one: number[] = [];
  const many: number[] = [];
  for (let i = 0; i < (slow ? 1 : 3); i++) {
    const short = await contestant.mainThread(1);
    if (short === undefined) return undefined;
    one.push(short);
    many.push((await contestant.mainThread(steps)) ?? Number.NaN);
  }
  return Math.max(0, (Math.min(...many) - Math.min(...one)) / (steps - 1));
}

/** What one step adds: the slope between batches of one and of more steps, since each batch ends in a read. */
function dispatchesAStep(singles: readonly Sample[], longer: readonly Sample[], steps: number): number | undefined {
  const [one, many] = [singles, longer].map((samples) => {
    const counts = samples.flatMap(({ dispatches }) => dispatches ?? []);
    return counts.length === 0 ? undefined : median(counts);
  });
  return one === undefined || many === undefined ? undefined : Math.max(0, (many - one) / (steps - 1));
}

/** Five digits are more than any of them is worth. */
export function rounded({ medianMs, p10Ms, p90Ms, n }: Spread): Spread {
  const round = (value: number): number => Number(value.toPrecision(5));
  return { medianMs: round(medianMs), p10Ms: round(p10Ms), p90Ms: round(p90Ms), n };
}
