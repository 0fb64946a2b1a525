// Distributions against closed forms and published tables.

import { describe, expect, test } from 'vitest';
import { betaCdf, betaQuantile, logGamma, normalCdf, studentQuantile } from '../../src/base/distributions';

test('the gamma function gives factorials, and the root of pi at a half', () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    factorial *= n;
    expect(logGamma(n + 1)).toBeCloseTo(Math.log(factorial), 11);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
  expect(logGamma(0.25)).toBeCloseTo(Math.log(3.625609908221908), 12);
});

describe('the beta distribution', () => {
  test('has closed forms where a parameter is 1', () => {
    for (const x of [0.001, 0.2, 0.5, 0.97]) {
      expect(betaCdf(x, 3.5, 1)).toBeCloseTo(x ** 3.5, 13);
      expect(betaCdf(x, 1, 700)).toBeCloseTo(1 - (1 - x) ** 700, 12);
    }
  });

  test('is the tail of the binomial distribution', () => {
    // P(Bin(10, 0.3) >= 4), added up term by term.
    const terms = [4, 5, 6, 7, 8, 9, 10].map((k) => {
      const choose = Math.exp(logGamma(11) - logGamma(k + 1) - logGamma(11 - k));
      return choose * 0.3 ** k * 0.7 ** (10 - k);
    });
    const tail = terms.reduce((sum, term) => sum + term, 0);
    expect(betaCdf(0.3, 4, 7)).toBeCloseTo(tail, 12);
  });

  test('its quantile undoes it, far out in the tails, too', () => {
    for (const [a, b] of [
      [0.5, 0.5],
      [1, 1000],
      [8, 993],
      [500, 500],
    ] as const) {
      for (const probability of [1e-6, 0.025, 0.5, 0.975]) {
        const x = betaQuantile(probability, a, b);
        expect(betaCdf(x, a, b) / probability).toBeCloseTo(1, 8);
      }
    }
  });
});

// Published tables of the t distribution, 97.5%.
test.each([
  [1, 12.706205],
  [2, 4.302653],
  [10, 2.228139],
  [100, 1.983972],
  [1000, 1.962339],
])("Student's quantile at %i degrees of freedom is %f", (freedom, expected) => {
  expect(studentQuantile(0.975, freedom)).toBeCloseTo(expected, 5);
});

test('the normal distribution at its published points', () => {
  expect(normalCdf(0)).toBeCloseTo(0.5, 6);
  expect(normalCdf(1.959964)).toBeCloseTo(0.975, 6);
  expect(normalCdf(-1)).toBeCloseTo(0.158655, 6);
});
