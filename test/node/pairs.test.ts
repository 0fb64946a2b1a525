// The choice of few cases among many.

import { expect, test } from 'vitest';
import { allPairs } from '../support/pairs';

const CASES = [1, 2, 4, 8].flatMap((rows) =>
  [1, 2].flatMap((columns) =>
    [4, 16, 64].flatMap((threads) => [0, 1].map((size) => ({ rows, columns, threads, size }))),
  ),
);

test('any two values of two traits are in one of the cases, and the cases are few', () => {
  const picked = allPairs(CASES, (one) => one);
  for (const [a, valuesOfA] of Object.entries({
    rows: [1, 2, 4, 8],
    columns: [1, 2],
    threads: [4, 16, 64],
    size: [0, 1],
  })) {
    for (const [b, valuesOfB] of Object.entries({ threads: [4, 16, 64], size: [0, 1] })) {
      if (a === b) continue;
      for (const x of valuesOfA) {
        for (const y of valuesOfB) {
          const has = (one: Readonly<Record<string, number>>) => one[a] === x && one[b] === y;
          expect(picked.some(has), `${a} ${x} with ${b} ${y}`).toBe(true);
        }
      }
    }
  }
  // Four rows by three numbers of threads is the least; all would be 48.
  expect(picked.length).toBeGreaterThanOrEqual(12);
  expect(picked.length).toBeLessThan(20);
});

test('what occurs together in no case is not asked for', () => {
  expect(
    allPairs(
      [
        { a: 1, b: 1 },
        { a: 2, b: 2 },
      ],
      (one) => one,
    ),
  ).toHaveLength(2);
});

test('a trait that a case lacks is a trait', () => {
  expect(allPairs([{ a: 1 }, { a: 1, quad: 1 }], (one) => one)).toHaveLength(2);
});
