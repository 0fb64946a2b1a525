// Central differences of the reference loss: gradients without any backward pass, to check the backward passes with.

import { UnderglassError } from '../base/errors';
import type { Dataset } from '../data/dataset';
import type { LayerParameters, Network } from '../nn/network';
import { referenceLoss } from './trainer';

/** One number among a network's parameters. */
export interface ParameterPlace {
  /** Index of the layer, from 0. */
  readonly layer: number;
  readonly tensor: 'w' | 'b';
  /** Index into the tensor's row-major data. */
  readonly index: number;
}

/**
 * dLoss/dθ for each chosen parameter: (loss(θ + h) - loss(θ - h)) / 2h.
 *
 * The error is about h² times the third derivative plus 1e-16 / h, so h = 1e-5 leaves some 1e-10. Two forward passes
 * over the data set for each place: choose few, or a small data set.
 *
 * @throws UnderglassError 'usage' for a place that the network does not have
 */
export function centralDifferences(
  network: Network,
  parameters: readonly LayerParameters[],
  dataset: Dataset,
  lambda: number,
  places: readonly ParameterPlace[],
  h = 1e-5,
): number[] {
  const moved = parameters.map(({ w, b }) => ({ w: w.slice(), b: b.slice() }));
  return places.map(({ layer, tensor, index }) => {
    const data = moved[layer]?.[tensor];
    const value = data?.[index];
    if (data === undefined || value === undefined) {
      throw new UnderglassError('usage', `The network has no parameter ${tensor}[${index}] in layer ${layer}.`);
    }
    data[index] = value + h;
    const above = referenceLoss(network, moved, dataset, lambda);
    data[index] = value - h;
    const below = referenceLoss(network, moved, dataset, lambda);
    data[index] = value;
    return (above - below) / (2 * h);
  });
}
