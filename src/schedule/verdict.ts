// Verdicts: whether a candidate is faster than what it is held against, from pairs of readings on a machine with other work to do.
//
// A pair counts by its winner alone, so that one reading of a hundred times the right length counts no more than any other.
// The two readings of a pair follow each other, so that a slow second or a drifting clock falls on both. Pairs are
// counted by Wald's sequential test ("Sequential Tests of Statistical Hypotheses", 1945), which may be asked after every pair.

/** How many pairs of readings a candidate has won and lost. */
export interface Tally {
  readonly wins: number;
  readonly losses: number;
}

export const NO_PAIRS: Tally = { wins: 0, losses: 0 };

/** What a candidate has to show. */
export interface Bar {
  /** A reading must be shorter by this factor to win its pair. */
  readonly factor: number;
  /** The share of pairs that a candidate wins which is not faster, and one which is. */
  readonly shares: readonly [no: number, yes: number];
  /** The chance that one is taken which is not faster, and that one is refused which is. */
  readonly errors: readonly [taken: number, refused: number];
  /** Pairs after which what is still open is refused. */
  readonly most: number;
}

/** The bar in tuning. Ties go to the default, and then to the simpler, which comes first. */
export const TO_BE_CHOSEN: Bar = { factor: 1.01, shares: [0.5, 0.92], errors: [0.001, 0.005], most: 60 };

/** The bar in training. A choice has won its contests already, so it takes less to keep it than to drop it. */
export const TO_BE_KEPT: Bar = { factor: 1, shares: [0.3, 0.7], errors: [0.01, 0.001], most: 100 };

/** A tally with one pair more, given the two readings. */
export function addPair({ wins, losses }: Tally, standing: number, candidate: number, { factor }: Bar): Tally {
  return factor * candidate < standing ? { wins: wins + 1, losses } : { wins, losses: losses + 1 };
}

/** Whether a candidate is faster; `open` while more pairs have to tell. */
export function judge({ wins, losses }: Tally, { shares: [no, yes], errors: [taken, refused], most }: Bar): Verdict {
  const evidence = wins * Math.log(yes / no) + losses * Math.log((1 - yes) / (1 - no));
  if (evidence >= Math.log((1 - refused) / taken)) {
    return 'faster';
  }
  const isRefused = evidence <= Math.log(refused / (1 - taken)) || wins + losses >= most;
  return isRefused ? 'not faster' : 'open';
}

export type Verdict = 'faster' | 'not faster' | 'open';
