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

/** Steps of a profiled batch at least, where they fit into its time. */
const FEW_STEPS = 8;

/** Two rounds are the least that show a spread; a peer that is out of patience gets no more. */
const FEWEST_ROUNDS = 2;

/** How much to measure. */
export interface Effort {
  readonly rounds: number;
  /** ms */
  readonly batch: number;
  /** ms */
  readonly patience: number;
  /** ms */
  readonly longestStep: number;
}

/** What a step of a task may take a peer, in ms; undefined where nothing is known. */
export type Forecast = (peer: string) => number | undefined;

/** What happened at a task. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  /** Peers that failed: their pages may be in any state. */
  readonly broken: readonly Contestant[];
  /** The time of one step of each peer that was measured, in ms. */
  readonly steps: ReadonlyMap<string, number>;
}

/** One peer's measurement in the making. */
interface Entry {
  readonly contestant: Contestant;
  readonly singles: Sample[];
  readonly batches: Sample[];
  /** A batch whose JavaScript was profiled, and its steps. */
  profiled: { readonly sample: Sample; readonly share: number | undefined; readonly steps: number } | undefined;
  /** Steps a batch. */
  count: number;
  spent: number;
}

/** Lets the peers take turns at a task. A peer that fails or disagrees is left out, and a note says so. */
export async function measureTask(
  contestants: readonly Contestant[],
  task: Task,
  { rounds, batch, patience, longestStep }: Effort,
  progress: (text: string) => void,
  forecast: Forecast = () => undefined,
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

  const quickEnough = contestants.filter(({ name }) => {
    const expected = forecast(name) ?? 0;
    if (expected <= longestStep) return true;
    notes.push(`${task.name}: ${name} would need about ${(expected / 1000).toPrecision(2)} s a step`);
    return false;
  });
  entries = quickEnough.map((contestant) => ({
    contestant,
    singles: [],
    batches: [],
    profiled: undefined,
    count: 1,
    spent: 0,
  }));
  const scores = new Map<Entry, number>();
  const check = (entry: Entry): Promise<void> =>
    attempt(entry, async () => {
      const { contestant } = entry;
      await contestant.prepare(task);
      await contestant.step(task.check);
      scores.set(entry, await contestant.score());
    });
  // Those that tune have the machine to themselves; compiling is most of what the others do, and they share it.
  const tuned = entries.filter(({ contestant }) => contestant.tunes);
  for (const entry of tuned) {
    progress(`${task.name}: ${entry.contestant.name} tunes`);
    await check(entry);
  }
  progress(`${task.name}: the others compile`);
  await Promise.all(entries.filter((entry) => !tuned.includes(entry)).map(check));
  for (const entry of entries) {
    const { contestant } = entry;
    progress(`${task.name}: ${contestant.name} warms up`);
    await attempt(entry, async () => {
      for (let i = 0; i < SINGLES && (i === 0 || entry.spent < patience / 4); i++) {
        const sample = await contestant.step(1);
        entry.singles.push(sample);
        entry.spent += sample.milliseconds;
      }
      entry.count = await stepsFor(entry, batch);
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
      if (round >= FEWEST_ROUNDS && entry.spent > patience) continue;
      progress(`${task.name}: round ${round + 1} of ${rounds}, ${entry.contestant.name}`);
      await attempt(entry, async () => {
        const sample = await entry.contestant.step(entry.count);
        entry.batches.push(sample);
        entry.spent += sample.milliseconds;
      });
    }
  }
  for (const entry of entries) {
    progress(`${task.name}: JavaScript of ${entry.contestant.name}`);
    await attempt(entry, async () => {
      const step = entry.batches[0]!.milliseconds / entry.count;
      const steps = Math.max(2, entry.count, Math.min(FEW_STEPS, Math.floor((4 * batch) / step)));
      entry.profiled = { ...(await entry.contestant.profile(steps)), steps };
      // The first ones were slower, since engines compile what runs often.
      entry.singles.push(await entry.contestant.step(1));
    });
  }
  const rows = entries.map((entry) => row(task, entry));
  const steps = new Map(rows.map(({ peer, medianMs }) => [peer, medianMs / task.scale]));
  return { rows, notes, broken, steps };
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

function row(task: Task, { contestant, singles, batches, profiled, count }: Entry): Row {
  const times = batches.map(({ milliseconds }) => (task.scale * milliseconds) / count);
  const { sample, share, steps } = profiled!;
  const dispatches = aStep(({ dispatches: value }) => value, singles, sample, steps);
  const mainThread = aStep((value) => value.mainThread, singles, sample, steps);
  return {
    task: task.name,
    peer: contestant.name,
    ...rounded(spread(times)),
    jsUs: mainThread === undefined || share === undefined ? null : Number((1000 * mainThread * share).toPrecision(3)),
    dispatches: dispatches === undefined ? null : Number(dispatches.toFixed(2)),
  };
}

/**
 * What one step adds to a quantity: the slope between batches of one and of more steps, since each batch ends in a read.
 * The least of the single steps counts: whatever else happens only adds.
 */
function aStep(
  quantity: (sample: Sample) => number | undefined,
  singles: readonly Sample[],
  longer: Sample,
  steps: number,
): number | undefined {
  const many = quantity(longer);
  const one = singles.flatMap((single) => quantity(single) ?? []);
  return many === undefined || one.length === 0 ? undefined : Math.max(0, (many - Math.min(...one)) / (steps - 1));
}

/** Five digits are more than any of them is worth. */
export function rounded({ medianMs, p10Ms, p90Ms, n }: Spread): Spread {
  const round = (value: number): number => Number(value.toPrecision(5));
  return { medianMs: round(medianMs), p10Ms: round(p10Ms), p90Ms: round(p90Ms), n };
}
