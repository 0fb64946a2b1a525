// What a file of this folder says of an activation: its definition in float64, which is what the shader of the same name is held to.

import type { InitialiserName } from '../initialisers';

/** What a layer applies to each number after the matrix product. */
export interface ActivationRule {
  /** For people: `ReLU`. */
  readonly label: string;
  /** What it is, in one short line. */
  readonly hint: string;
  /** y, of z. */
  readonly value: (z: number) => number;
  /** dy/dz, of what forward keeps. */
  readonly slope: (saved: number) => number;
  /** What the slope is computed from: the output y, where that tells it, else the input z, which forward then keeps beside it. */
  readonly saves: 'output' | 'input';
  /** The initial weights that suit it. */
  readonly weights: InitialiserName;
  /** Floating-point operations of the value and of the slope, exp, log and tanh as one each; comparisons as none. */
  readonly flops: { readonly value: number; readonly slope: number };
}
