// Weights of classes: how much a row of each counts in the loss.

import { UnderglassError } from '../base/errors';

/** One weight for each class, or `balanced`: all classes count alike, however many rows they have. */
export type ClassWeights = 'balanced' | readonly number[];

/**
 * The weight of each class's rows.
 *
 * `balanced` is scikit-learn's n / (k n_c): n rows, k classes that have some, n_c rows of the class. A class without rows weighs 1.
 *
 * @param labels [rows], each from 0 to classes - 1
 * @throws UnderglassError 'usage' for a list that has not one number of at least 0 for each class, or only zeros
 */
export function classWeights(weights: ClassWeights, labels: ArrayLike<number>, classes: number): Float64Array {
  if (weights !== 'balanced') return givenWeights(weights, classes);
  const rows = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) rows[labels[row]!]! += 1;
  const present = rows.filter((count) => count > 0).length;
  return rows.map((count) => (count > 0 ? labels.length / (present * count) : 1));
}

function givenWeights(weights: readonly number[], classes: number): Float64Array {
  if (weights.length !== classes) {
    throw new UnderglassError(
      'usage',
      `There are ${weights.length} class weights for ${classes} classes; give one for each, or 'balanced'.`,
    );
  }
  const wrong = weights.findIndex((weight) => !(weight >= 0 && Number.isFinite(Math.fround(weight))));
  if (wrong >= 0) {
    throw new UnderglassError(
      'usage',
      `The weight of class ${wrong} is ${weights[wrong]}; use a number of at least 0 that float32 can hold.`,
    );
  }
  if (weights.every((weight) => Math.fround(weight) === 0)) {
    throw new UnderglassError('usage', 'All class weights are 0, so no row would count; give some class more.');
  }
  return Float64Array.from(weights);
}
