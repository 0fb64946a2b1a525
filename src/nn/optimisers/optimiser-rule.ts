// What a file of this folder says of an optimiser: one parameter's step in float64, which is what the shader of the same name is held to.

import type { NumberSettings, SettingValues } from '../number-setting';

/** How a gradient moves a parameter. `Name` is that of its settings. */
export interface OptimiserRule<Name extends string = string> {
  /** For people: `Adam`. */
  readonly label: string;
  /** What it does, in one short sentence. */
  readonly hint: string;
  /** The learning rate where none is given. */
  readonly learningRate: number;
  readonly settings: NumberSettings<Name>;
  /** What it remembers of each parameter: at most two numbers, zero at first. */
  readonly state: readonly string[];
  /** The numbers of a step, the same for all parameters. */
  numbers(settings: SettingValues<Name>, at: UpdatePosition): UpdateNumbers;
  /**
   * The new parameter after one step; changes `state` in place.
   *
   * @param gradient of the mean loss of the batch, penalty included
   * @param state in the order of the rule's `state`
   */
  step(parameter: number, gradient: number, state: number[], numbers: UpdateNumbers): number;
  /** Floating-point operations a parameter, a square root as one. */
  readonly flops: number;
}

/** Which step it is. */
export interface UpdatePosition {
  /** Counted from 1, over the whole training. */
  readonly step: number;
  /** The learning rate, as the schedule has it. */
  readonly rate: number;
  /** The learning rate of the step before; in the first step `rate` itself. */
  readonly lastRate: number;
}

/** What a step reads beside parameter, gradient and state; the GPU has them as float32. */
export interface UpdateNumbers {
  /** What the rule multiplies a direction with. */
  readonly rate: number;
  /** Decoupled decay: the part of the parameter that is taken off before the step. */
  readonly shrink: number;
  /** What the numbers mean is the rule's own affair; unused ones are 0. */
  readonly own: readonly [number, number, number, number];
}
