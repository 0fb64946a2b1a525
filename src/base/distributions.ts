// Distributions of statistics: the functions that confidence intervals are made of.
//
// Sources: Lanczos' approximation of the gamma function; the continued fraction of the incomplete beta function (DLMF 8.17.22)
// by the modified Lentz method.

/** Coefficients of Lanczos' approximation with g = 7, n = 9. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function, for x > 0; relative error near 1e-14. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const t = shifted + 7.5;
  const sum = LANCZOS.reduce((total, c, i) => total + (i === 0 ? c : c / (shifted + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularised incomplete beta function I_x(a, b): the chance that a Beta(a, b) variable is at most x; a, b > 0. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on the near side of the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  const TINY = 1e-300;
  let c = 1;
  let d = 1 / keepFrom(1 - ((a + b) * x) / (a + 1), TINY);
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / keepFrom(1 + even * d, TINY);
    c = keepFrom(1 + even / c, TINY);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / keepFrom(1 + odd * d, TINY);
    c = keepFrom(1 + odd / c, TINY);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return front * fraction;
}

/** The x at which a Beta(a, b) variable's distribution reaches `probability`. */
export function betaQuantile(probability: number, a: number, b: number): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return 1;
  return bisect((x) => betaCdf(x, a, b) - probability, 0, 1);
}

/** The t at which Student's distribution of so many degrees of freedom reaches `probability`, from 0.5 to below 1. */
export function studentQuantile(probability: number, freedom: number): number {
  // P(|T| > t) = I_x(ν/2, 1/2) with x = ν / (ν + t²).
  const x = betaQuantile(2 * (1 - probability), freedom / 2, 0.5);
  return Math.sqrt((freedom * (1 - x)) / x);
}

/** The chance that a standard normal variable is at most z; absolute error below 1e-7 (Abramowitz and Stegun 7.1.26). */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (polynomial * Math.exp(-x * x)) / 2;
  return z >= 0 ? 1 - tail : tail;
}

/** Where a growing function crosses zero between `low` and `high`. */
function bisect(f: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let i = 0; i < 200 && to - from > 1e-15 * to; i++) {
    const middle = (from + to) / 2;
    if (f(middle) < 0) {
      from = middle;
    } else {
      to = middle;
    }
  }
  return (from + to) / 2;
}

/** `value`, kept away from zero. */
function keepFrom(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
