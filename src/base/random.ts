// NumPy's legacy random numbers: numpy.random.RandomState, draw for draw.
//
// Weights, splits and batch orders come from here, so that a NumPy program can follow any run. It is the Mersenne
// Twister MT19937 (Matsumoto and Nishimura, 1998) seeded by its authors' init_genrand, with the distributions of
// NumPy's frozen `mtrand` stream. Not for secrets.

import { requireWhole } from './checks';
import { UnderglassError } from './errors';

/** Words of state, and the offset of the recurrence: both from the generator's definition. */
const N = 624;
const M = 397;

/** The largest seed, 2^32 - 1. */
export const MAX_SEED = 0xffffffff;

/** Where a stream of random numbers stands, as plain data; NumPy's `get_state()` has the same numbers. */
export interface RandomStreamState {
  /** The 624 words of the generator. */
  readonly words: Uint32Array;
  /** Words that have been used up; 624 before the next twist. */
  readonly next: number;
  readonly spareNormal: number | undefined;
}

/** A stream of random numbers equal to NumPy's `RandomState(seed)`. */
export class RandomState {
  readonly #state = new Uint32Array(N);
  #next = N;
  /** The second value of a Box-Muller pair, kept for the next draw as NumPy keeps it. */
  #spareNormal: number | undefined;

  /**
   * @param seed a whole number from 0 to 2^32 - 1
   * @throws UnderglassError 'usage' for any other seed
   */
  constructor(seed: number) {
    requireWhole('The seed', seed, { max: MAX_SEED, remedy: 'choose one in that range' });
    // init_genrand: Knuth, The Art of Computer Programming, volume 2, third edition, page 106.
    const state = this.#state;
    let word = seed >>> 0;
    state[0] = word;
    for (let i = 1; i < N; i++) {
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0;
      state[i] = word;
    }
  }

  /**
   * A stream that goes on from where another stood.
   *
   * @throws UnderglassError 'data' for words or a place that no stream has
   */
  static from({ words, next, spareNormal }: RandomStreamState): RandomState {
    const count = words instanceof Uint32Array ? words.length : 0;
    if (count !== N) {
      throw new UnderglassError('data', `A random stream has ${N} words of state, not ${count}.`);
    }
    const stream = new RandomState(0);
    stream.#state.set(words);
    stream.#next = requireWhole('The place in a random stream', next, { max: N, code: 'data' });
    stream.#spareNormal = spareNormal;
    return stream;
  }

  /** Where the stream stands. */
  get state(): RandomStreamState {
    return { words: this.#state.slice(), next: this.#next, spareNormal: this.#spareNormal };
  }

  /** The next 32 bits, as a whole number from 0 to 2^32 - 1. */
  randomUint32(): number {
    if (this.#next === N) this.#twist();
    let y = this.#state[this.#next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** A double in [0, 1) with 53 random bits, from two words. */
  randomDouble(): number {
    const high = this.randomUint32() >>> 5;
    const low = this.randomUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /**
   * A whole number from 0 to `max`, both included: masked rejection, one word a try.
   *
   * `max` = 0 draws nothing.
   *
   * @param max a whole number below 2^32
   */
  randomInterval(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    for (;;) {
      const value = (this.randomUint32() & mask) >>> 0;
      if (value <= max) return value;
    }
  }

  /**
   * `count` doubles from the uniform distribution on [low, high).
   *
   * @throws UnderglassError 'usage' if `count` is not a whole number, or a bound is not finite
   */
  uniform(low: number, high: number, count: number): Float64Array {
    const values = new Float64Array(requireWhole('The number of uniform values', count));
    const range = high - low;
    if (!Number.isFinite(range)) {
      throw new UnderglassError('usage', `Uniform values need finite bounds, not ${low} to ${high}.`);
    }
    for (let i = 0; i < count; i++) values[i] = low + range * this.randomDouble();
    return values;
  }

  /**
   * The whole numbers from 0 to n - 1 in random order: Fisher-Yates from the last index down.
   *
   * @throws UnderglassError 'usage' if `n` is not a whole number below 2^32
   */
  permutation(n: number): Uint32Array {
    const order = new Uint32Array(requireWhole('The length of a permutation', n, { max: 0xffffffff }));
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.randomInterval(i);
      const value = order[i]!;
      order[i] = order[j]!;
      order[j] = value;
    }
    return order;
  }

  /**
   * `count` doubles from the normal distribution with mean 0 and variance 1: Marsaglia's polar method.
   *
   * Values come in pairs; an odd `count` keeps the second one for the next call, as NumPy does. They can differ from
   * NumPy's in the last bits, where the platform's logarithm does.
   *
   * @throws UnderglassError 'usage' if `count` is not a whole number
   */
  standardNormal(count: number): Float64Array {
    const values = new Float64Array(requireWhole('The number of normal values', count));
    for (let i = 0; i < count; i++) values[i] = this.#normal();
    return values;
  }

  /**
   * `count` doubles from the normal distribution; see {@link standardNormal}.
   *
   * @throws UnderglassError 'usage' if `count` is not a whole number, or mean or deviation is not finite
   */
  normal(mean: number, deviation: number, count: number): Float64Array {
    if (!Number.isFinite(mean) || !Number.isFinite(deviation)) {
      throw new UnderglassError(
        'usage',
        `Normal values need a finite mean and deviation, not ${mean} and ${deviation}.`,
      );
    }
    return this.standardNormal(count).map((value) => mean + deviation * value);
  }

  #normal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.randomDouble() - 1;
      const y = 2 * this.randomDouble() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spareNormal = factor * x;
      return factor * y;
    }
  }

  /** The recurrence: makes the next 624 words in place. */
  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < N; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % N]! & 0x7fffffff);
      state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
