// What a file of this folder says of initial weights: the distribution that a layer's are drawn from.

import type { RandomState } from '../../base/random';

/** Where a layer's weights start; its biases start at 0. */
export interface InitialiserRule {
  /** For people: `He, uniform`. */
  readonly label: string;
  /** What it is, in one short line. */
  readonly hint: string;
  /** Weights [inputs, outputs], drawn in row-major order: the project's seeding rule. */
  draw(random: RandomState, inputs: number, outputs: number): Float64Array;
}
