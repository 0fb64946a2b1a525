// The sweep's form: text of its fields to a plan, or the sentence that says what is wrong with a field.

import { choice, type Parser, wholeNumber } from '../../base/parsing';
import { batchSize } from '../../experiment/batch-size';
import { dataSets } from '../../experiment/data-sets';
import type { SettingValue } from '../../experiment/setting';
import { ACTIVATIONS, UnderglassError } from '../../index';
import { countNetworks, layersList, numberList, seedList } from '../../train/grid';
import { pageLimit } from '../model/limits';
import type { SweepPlan } from './messages';

/** The fields as text. */
export interface SweepFields {
  readonly l2: string;
  readonly layers: string;
  readonly lr: string;
  readonly momentum: string;
  readonly seeds: string;
  readonly output: string;
  readonly batch: string;
  readonly epochs: string;
}

export type SweepField = keyof SweepFields;

/** The tutorial's choice of λ, with fewer seeds and epochs than it took: a first look in little time. */
export const FIRST_SWEEP: SweepFields = {
  l2: 'logspace:-2:2:10',
  layers: '48,32',
  lr: '0.2',
  momentum: '0.9',
  seeds: '0..1',
  output: 'sigmoid',
  batch: 'full',
  epochs: '200',
};

/** The largest seed: the best configuration is trained again with the one above the largest. */
const MAX_SEED = 2 ** 32 - 2;

/** What the fields say. */
export interface CheckedSweep {
  /** Undefined where a field is wrong. */
  readonly plan: SweepPlan | undefined;
  readonly networks: number;
  /** A sentence for each field that is wrong. */
  readonly faults: Readonly<Partial<Record<SweepField, string>>>;
  /** What is wrong with the grid as a whole. */
  readonly fault: string | undefined;
}

/**
 * Checks every field; a grid is counted before any of it is made.
 *
 * @param trainRows rows of the training set, which a batch cannot exceed; undefined while unknown
 */
export function checkSweep(fields: SweepFields, trainRows?: number): CheckedSweep {
  const faults: Partial<Record<SweepField, string>> = {};
  // What a link may not ask of this page, a sweep may not either.
  const read = <T>(field: SweepField, parse: Parser<T>, values?: (value: T) => readonly SettingValue[]) => {
    try {
      const value = parse(fields[field]);
      const fault = values?.(value).flatMap((each) => pageLimit(field, each) ?? [])[0];
      if (fault === undefined) return value;
      faults[field] = fault;
      return undefined;
    } catch (error) {
      faults[field] = sentenceOf(error);
      return undefined;
    }
  };
  const l2 = read('l2', numberList('λ', { min: 0 }, '0.1,1'), (list) => list);
  const layers = read('layers', layersList('Layers'), (list) =>
    list.map((widths) => widths.map((width) => ({ width }))),
  );
  const lr = read('lr', numberList('The learning rate', { min: 0, above: true }, '0.1,0.2'), (list) => list);
  const momentum = read('momentum', numberList('Momentum', { min: 0, max: 1, below: true }, '0.9'));
  const seeds = read('seeds', seedList('Seeds', MAX_SEED));
  const output = read('output', choice('The output', ACTIVATIONS));
  const batch = read('batch', batchSize('The batch', trainRows ?? dataSets.digits.trainRows));
  const epochs = read('epochs', wholeNumber('Epochs', 0), (number) => [number]);
  if (!l2 || !layers || !lr || !momentum || !seeds || !output || batch === undefined || epochs === undefined) {
    return { plan: undefined, networks: 0, faults, fault: undefined };
  }
  const grid = { l2, layers, lr, momentum, seeds, output };
  try {
    return { plan: { grid, batch, epochs }, networks: countNetworks(grid), faults, fault: undefined };
  } catch (error) {
    return { plan: undefined, networks: 0, faults, fault: sentenceOf(error) };
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof UnderglassError) return error.message;
  throw error;
}
