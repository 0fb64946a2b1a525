// The three splits as the page shows them: order, names and looks.

import type { Splits } from '../index';

/** A split's name and how its curve is drawn. Colour is never the only difference: each has a dash of its own. */
export interface SplitStyle {
  readonly key: keyof Splits;
  readonly name: string;
  /** The custom property in styles.css that holds its colour. */
  readonly colour: '--train' | '--valid' | '--test';
  /** Lengths of dashes and gaps in CSS pixels; empty for a solid line. */
  readonly dash: readonly number[];
}

export const SPLITS: readonly SplitStyle[] = [
  { key: 'train', name: 'training', colour: '--train', dash: [] },
  { key: 'valid', name: 'validation', colour: '--valid', dash: [7, 4] },
  { key: 'test', name: 'test', colour: '--test', dash: [1.5, 3] },
];
