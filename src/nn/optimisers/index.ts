// The table of optimisers: a file and a row each.

import { adagrad } from './adagrad';
import { adam } from './adam';
import { adamw } from './adamw';
import { partNames } from '../part';
import type { OptimiserRule } from './optimiser-rule';
import { rmsprop } from './rmsprop';
import { sgd } from './sgd';

export type { OptimiserRule, UpdateNumbers, UpdatePosition } from './optimiser-rule';

export const optimisers = { sgd, adam, adamw, rmsprop, adagrad } as const satisfies Record<string, OptimiserRule>;

/** The name of an optimiser. */
export type OptimiserName = keyof typeof optimisers;

/** Every optimiser's name. */
export const OPTIMISERS: readonly OptimiserName[] = partNames(optimisers);
