// What a file of this folder says of a loss: one row's value and gradient in float64, which are what the shader of the same name is held to.

import type { NumberSettings, SettingValues } from '../number-setting';

/**
 * How far a row's outputs are from its targets. `Name` is that of its settings.
 *
 * A row has N outputs y, the last layer's. Its targets t are what `targets` says.
 */
export interface LossRule<Name extends string = string> {
  /** For people: `softmax cross-entropy`. */
  readonly label: string;
  /** What it is for, in one short sentence. */
  readonly hint: string;
  /** `class`: t is the one class of the row, from 0 to N - 1. `flags`: N numbers, each 0 or 1. `values`: N numbers. */
  readonly targets: 'class' | 'flags' | 'values';
  readonly settings: NumberSettings<Name>;
  /** The row's loss; a batch's is the mean over its rows. */
  value(y: ArrayLike<number>, t: ArrayLike<number>, settings: SettingValues<Name>): number;
  /** dL/dy of the row: N numbers. */
  gradient(y: ArrayLike<number>, t: ArrayLike<number>, settings: SettingValues<Name>): number[];
  /** What people judge by, where the loss itself says little. */
  readonly metric: LossMetric;
}

/** A number that is told beside a loss. */
export interface LossMetric {
  /** For people: `Accuracy`. */
  readonly label: string;
  readonly better: 'higher' | 'lower';
  /** The row's part; the metric is the mean over the rows. */
  of(y: ArrayLike<number>, t: ArrayLike<number>): number;
}
