// Contests: candidates that do the same, timed in pairs until one is left or the time is over.

import type { OperationKind } from '../program/program';
import type { Runner } from './runner';
import type { Stopwatch } from './stopwatch';
import type { Remembered } from './tuning-memory';

/** A candidate must be faster by this factor than what comes before it: ties go to the default, then to the simpler. */
const TIE = 1.04;

/** A choice in the making: an operation's variant, or the steps' runner. */
export interface Contest {
  readonly label: string;
  readonly kernel: OperationKind | 'step';
  readonly key: string;
  readonly names: readonly string[];
  readonly known: Remembered | undefined;
  readonly times: Map<string, number>;
  tried: string[];
  choice: string;
  refused: boolean;
}

/** Lets the untried ways to run a step contend with the choice so far. */
export async function contendSteps(
  contest: Contest,
  make: (name: string) => Promise<Runner>,
  watch: Stopwatch,
  deadline: number,
): Promise<void> {
  const untried = contest.names.filter((name) => !contest.tried.includes(name));
  if (untried.length === 0 || performance.now() > deadline) {
    return;
  }
  let best = await make(contest.choice);
  try {
    for (const name of untried) {
      if (performance.now() > deadline) {
        return;
      }
      let next = await make(name);
      try {
        const [standing, candidate] = await watch.compareSteps(best, next);
        contest.tried.push(name);
        contest.times.set(contest.choice, contest.times.get(contest.choice) ?? standing);
        contest.times.set(name, candidate);
        if (candidate * TIE < standing) {
          [best, next] = [next, best];
          contest.choice = name;
        }
      } finally {
        next.dispose();
      }
    }
  } finally {
    best.dispose();
  }
}

/** Lets untried variants contend, always those of the operation that takes longest. */
export async function contendOperations<Candidate>(
  contests: readonly Contest[],
  make: (label: string, name: string) => Promise<Candidate>,
  compare: (a: Candidate, b: Candidate) => Promise<readonly [number, number]>,
  deadline: number,
): Promise<void> {
  const open = contests.filter(({ tried, names }) => tried.length < names.length);
  const began = performance.now();
  const made = async (entry: Contest) => [entry, await make(entry.label, entry.choice)] as const;
  const standing = new Map<Contest, Candidate>(await Promise.all(open.map(made)));
  // Compiling cannot be interrupted: none is begun that would not end in time, judged by those before it.
  let compiling = (2 * (performance.now() - began)) / Math.max(1, open.length);
  if (performance.now() + compiling > deadline) {
    return;
  }
  const cost = new Map<Contest, number>();
  for (const [entry, candidate] of standing) {
    cost.set(entry, (await compare(candidate, candidate))[0]);
  }
  while (performance.now() + compiling < deadline) {
    const [entry] = open
      .filter(({ tried, names }) => tried.length < names.length)
      .toSorted((a, b) => cost.get(b)! / b.tried.length - cost.get(a)! / a.tried.length);
    if (!entry) {
      return;
    }
    const name = entry.names.find((other) => !entry.tried.includes(other))!;
    const before = performance.now();
    const next = await make(entry.label, name);
    compiling = Math.max(compiling, performance.now() - before);
    const [now, candidate] = await compare(standing.get(entry) ?? next, next);
    entry.tried.push(name);
    entry.times.set(entry.choice, entry.times.get(entry.choice) ?? now);
    entry.times.set(name, candidate);
    if (candidate * TIE < now) {
      entry.choice = name;
      standing.set(entry, next);
    }
  }
}
