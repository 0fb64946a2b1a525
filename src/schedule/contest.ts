// Contests: candidates that do the same, held against the best so far in pairs of readings, until all are judged or the time is over.

import { allSettled } from '../base/ownership';
import { median } from '../base/statistics';
import type { OperationKind } from '../program/program';
import type { Timed } from './stopwatch';
import type { Remembered } from './tuning-memory';
import { addPair, judge, NO_PAIRS, type Tally, TO_BE_CHOSEN, type Verdict } from './verdict';

/** A choice in the making: an operation's variant, or the steps' runner. */
export interface Contest {
  readonly label: string;
  readonly kernel: OperationKind | 'step';
  readonly key: string;
  /** The candidates, the default first. */
  readonly names: readonly string[];
  readonly known: Remembered | undefined;
  /** µs of the candidates that were timed. */
  readonly times: Map<string, number>;
  /** The pairs of candidates that are not judged yet, against the choice so far. */
  readonly tallies: Map<string, Tally>;
  /** The default, and the candidates that were judged. */
  readonly tried: string[];
  choice: string;
  /** Whether the choice was taken back because its bits differ from the default's, or because training was not faster for it. */
  refused: boolean;
  dropped: boolean;
}

/** A contest as it stood when it was remembered, or before its first pair. */
export function openContest(entry: Pick<Contest, 'label' | 'kernel' | 'key' | 'names'>, known?: Remembered): Contest {
  const standard = entry.names[0]!;
  return {
    ...entry,
    known,
    times: new Map(),
    tallies: new Map(Object.entries(known?.tallies ?? {})),
    tried: [...(known?.tried ?? [standard])],
    choice: known?.choice ?? standard,
    refused: false,
    dropped: false,
  };
}

/** Goes back to the default; what was judged stays judged. */
export function takeBack(contest: Contest): void {
  contest.choice = contest.names[0]!;
  contest.tallies.clear();
}

/** A candidate, ready to be timed. */
export interface Contestant extends Timed {
  dispose(): void;
}

/**
 * Lets candidates contend that were not judged yet, always those of the contest whose choice so far takes longest.
 *
 * What the time does not suffice for keeps its tally, and can go on another time.
 *
 * @param deadline in ms on the clock of `performance.now()`; neither compiling nor a pair is begun that would end later, judged
 *   by those before it
 */
export async function contend(
  contests: readonly Contest[],
  make: (contest: Contest, name: string) => Promise<Contestant>,
  deadline: number,
): Promise<void> {
  const open = contests.filter(isOpen);
  const began = performance.now();
  if (open.length === 0 || began > deadline) {
    return;
  }
  const standing = new Map<Contest, Contestant>();
  try {
    await allSettled(open.map(async (contest) => standing.set(contest, await make(contest, contest.choice))));
    let compiling = (2 * (performance.now() - began)) / open.length;
    const cost = new Map<Contest, number>();
    for (const [contest, contestant] of standing) {
      if (performance.now() + compiling > deadline) {
        return;
      }
      cost.set(contest, await contestant.read(await contestant.repeats()));
    }
    const urgency = (contest: Contest) => cost.get(contest)! / contest.tried.length;
    for (;;) {
      const [contest] = open.filter(isOpen).toSorted((a, b) => urgency(b) - urgency(a));
      const before = performance.now();
      if (!contest || before + compiling > deadline) {
        return;
      }
      const name = contest.names.find((other) => !contest.tried.includes(other))!;
      const candidate = await make(contest, name);
      compiling = Math.max(compiling, performance.now() - before);
      let loser = candidate;
      try {
        const verdict = await judgeCandidate(contest, name, standing.get(contest)!, candidate, deadline);
        if (verdict === 'open') {
          return;
        }
        if (verdict === 'faster') {
          loser = standing.get(contest)!;
          standing.set(contest, candidate);
        }
      } finally {
        loser.dispose();
      }
    }
  } finally {
    for (const contestant of standing.values()) {
      contestant.dispose();
    }
  }
}

const isOpen = ({ tried, names }: Contest): boolean => tried.length < names.length;

/** Times a candidate against the choice so far, and makes it the choice if it is faster; `open` where the time is over. */
async function judgeCandidate(
  contest: Contest,
  name: string,
  standing: Contestant,
  candidate: Contestant,
  deadline: number,
): Promise<Verdict> {
  const { times, tallies, tried, choice } = contest;
  let tally = tallies.get(name) ?? NO_PAIRS;
  // Of as many repeats: what a submit costs must fall on both alike.
  const repeats = Math.min(await standing.repeats(), await candidate.repeats());
  const standingTimes: number[] = [];
  const gains: number[] = [];
  let pair = 0;
  while (judge(tally, TO_BE_CHOSEN) === 'open' && performance.now() + pair <= deadline) {
    const before = performance.now();
    // They take turns at being first: what helps or hurts the second reading helps and hurts both.
    const [a, b] = (tally.wins + tally.losses) % 2 === 0 ? [standing, candidate] : [candidate, standing];
    const [first, second] = [await a.read(repeats), await b.read(repeats)];
    const [now, next] = a === standing ? [first, second] : [second, first];
    tally = addPair(tally, now, next, TO_BE_CHOSEN);
    standingTimes.push(now);
    gains.push(now / next);
    pair = performance.now() - before;
  }
  if (gains.length > 0) {
    // The candidate's time is told by its pairs, so that the times of one contest compare, whenever they were read.
    times.set(choice, times.get(choice) ?? median(standingTimes));
    times.set(name, times.get(choice)! / median(gains));
  }
  const verdict = judge(tally, TO_BE_CHOSEN);
  if (verdict === 'open') {
    tallies.set(name, tally);
    return verdict;
  }
  tried.push(name);
  tallies.delete(name);
  if (verdict === 'faster') {
    contest.choice = name;
    tallies.clear();
  }
  return verdict;
}
