// The table of activations: a file and a row each. The shader of the same name is in shaders/activation/.

import { partNames } from '../part';
import type { ActivationRule } from './activation-rule';
import { elu } from './elu';
import { gelu } from './gelu';
import { leakyRelu } from './leaky-relu';
import { linear } from './linear';
import { relu } from './relu';
import { sigmoid } from './sigmoid';
import { silu } from './silu';
import { softplus } from './softplus';
import { tanh } from './tanh';

export type { ActivationRule } from './activation-rule';

export const activations = {
  linear,
  sigmoid,
  tanh,
  relu,
  leakyRelu,
  elu,
  gelu,
  silu,
  softplus,
} as const satisfies Record<string, ActivationRule>;

/** The name of an activation. */
export type Activation = keyof typeof activations;

/** Every activation's name. */
export const ACTIVATIONS: readonly Activation[] = partNames(activations);
