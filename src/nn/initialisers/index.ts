// The table of initial weights: a file and a row each.

import { glorotNormal } from './glorot-normal';
import { glorotUniform } from './glorot-uniform';
import { heNormal } from './he-normal';
import { heUniform } from './he-uniform';
import type { InitialiserRule } from './initialiser-rule';
import { lecunNormal } from './lecun-normal';

export type { InitialiserRule } from './initialiser-rule';

export const initialisers = {
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunNormal,
} as const satisfies Record<string, InitialiserRule>;

/** The name of initial weights. */
export type InitialiserName = keyof typeof initialisers;
