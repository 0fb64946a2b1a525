// The word that a mistyped one was probably meant to be.

/**
 * The word nearest to `given`, or undefined where none is near: at most one edit in three characters, letter case aside.
 *
 * An edit inserts, removes or changes a character, or swaps two neighbours.
 */
export function nearestWord(given: string, words: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const word of words) {
    // So many edits it takes at least; and a text of any length costs nothing.
    if (Math.abs(given.length - word.length) >= least) continue;
    const edits = editDistance(given.toLowerCase(), word.toLowerCase());
    if (edits < least) [nearest, least] = [word, edits];
  }
  return nearest;
}

/** The end of a sentence about an unknown word: `; did you mean adam?`, or the words there are where none is near. */
export function didYouMean(given: string, words: readonly string[]): string {
  const nearest = nearestWord(given, words);
  return nearest === undefined ? `; use ${words.join(', ')}.` : `; did you mean ${nearest}?`;
}

/** Fewest edits from one word to the other: optimal string alignment, O(length²). */
function editDistance(from: string, to: string): number {
  // Rows of the table for prefixes of `from` that are two, one and no character shorter than the one at hand.
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = last[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      row[j] = Math.min(change, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
      }
    }
    [before, last] = [last, row];
  }
  return last[to.length]!;
}
