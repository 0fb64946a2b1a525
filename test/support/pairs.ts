// All pairs: few of many cases, such that any two traits that occur together at all do so in one of them.

type Traits = Readonly<Record<string, unknown>>;

/**
 * Picks cases greedily: always the one with the most pairs of traits that no case before it has, the first of equals.
 *
 * @param traits what a case is made of, by name; a trait that a case lacks is one as well
 */
export function allPairs<Case>(cases: readonly Case[], traits: (one: Case) => Traits): Case[] {
  const made = cases.map(traits);
  const names = [...new Set(made.flatMap((one) => Object.keys(one)))];
  const pairs = made.map((one) => {
    const values = names.map((name) => `${name} ${String(one[name])}`);
    return values.flatMap((a, i) => values.slice(i + 1).map((b) => `${a}, ${b}`));
  });
  const missing = new Set(pairs.flat());
  const picked: Case[] = [];
  while (missing.size > 0) {
    const gains = pairs.map((own) => own.filter((pair) => missing.has(pair)).length);
    const best = gains.indexOf(Math.max(...gains));
    for (const pair of pairs[best]!) missing.delete(pair);
    picked.push(cases[best]!);
  }
  return picked;
}
