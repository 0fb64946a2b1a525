// Synthetic clocks: stamps of passes whose true times are known.

import type { RandomState } from '../../src/base/random';

/** What happens on the synthetic GPU, in ns. */
export interface Synthetic {
  /** Mean time of each pass of a step. */
  readonly kernels: readonly number[];
  readonly quantumNs: number;
  /** Standard deviation of each kernel's time. */
  readonly jitterNs?: number;
  /** Share of passes that other work on the machine holds up, and for how long in the mean, exponentially distributed. */
  readonly heldUp?: { readonly share: number; readonly meanNs: number };
  readonly steps: number;
  /** Begin of step i, from the first step's begin. */
  readonly begin: (step: number, random: RandomState) => number;
  /** Share of passes whose end stamp equals their begin stamp, for no reason. */
  readonly zeros?: number;
  /** Share of passes whose end stamp is of a millisecond before. */
  readonly negatives?: number;
  /** Error of the GPU's clock, as a fraction of its rate. */
  readonly drift?: number;
}

/** Begins at random phases: gaps uniform over ten quanta, and at least long enough for the step. */
export function atRandom(quantumNs: number, stepNs: number): Synthetic['begin'] {
  let at = 0;
  return (step, random) => {
    at = (step === 0 ? 0 : at + stepNs) + random.randomDouble() * 10 * Math.max(quantumNs, 1);
    return at;
  };
}

/** Begins every `periodNs`, each off by a normal error. */
export function periodic(periodNs: number, jitterNs: number): Synthetic['begin'] {
  return (step, random) => step * periodNs + (jitterNs === 0 ? 0 : jitterNs * random.standardNormal(1)[0]!);
}

/** Begins every `periodNs`, but for normal errors that add up from step to step. */
export function wandering(periodNs: number, jitterNs: number): Synthetic['begin'] {
  let at = 0;
  return (step, random) => {
    at = step === 0 ? 0 : at + periodNs + jitterNs * random.standardNormal(1)[0]!;
    return at;
  };
}

/** Stamps of every step: begin and end of each pass. */
export function synthesise(random: RandomState, options: Synthetic): BigUint64Array[] {
  const { kernels, quantumNs, jitterNs = 0, heldUp, steps, begin, zeros = 0, negatives = 0, drift = 0 } = options;
  // Far from zero, as clocks are, at a random phase; the fraction of a nanosecond survives in a double.
  const origin = 1e12 + random.randomDouble() * quantumNs;
  const stamp = (ns: number) => BigInt(Math.floor(Math.floor((ns * (1 + drift)) / quantumNs) * quantumNs));
  return Array.from({ length: steps }, (_, step) => {
    let at = origin + begin(step, random);
    const stamps = new BigUint64Array(2 * kernels.length);
    for (const [i, kernel] of kernels.entries()) {
      const from = at;
      at += Math.max(0, jitterNs === 0 ? kernel : kernel + jitterNs * random.standardNormal(1)[0]!);
      if (heldUp && random.randomDouble() < heldUp.share) {
        at -= Math.log(1 - random.randomDouble()) * heldUp.meanNs;
      }
      stamps[2 * i] = stamp(from);
      const fault = random.randomDouble();
      stamps[2 * i + 1] = fault < zeros ? stamp(from) : stamp(at);
      if (fault > 1 - negatives) {
        stamps[2 * i + 1] = stamp(at - kernel - 1e6);
      }
    }
    return stamps;
  });
}
