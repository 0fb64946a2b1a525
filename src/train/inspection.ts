// What a network has learned: its answers, its mistakes, and the numbers inside, from parameters on the CPU.
//
// Forward passes are those of the float64 reference. Pure: the caller reads the parameters from wherever they are.

import { UnderglassError } from '../base/errors';
import { type Histogram, histogram } from '../base/histogram';
import { type Dataset, validateDataset, validateLabels } from '../data/dataset';
import { confusionCounts } from '../nn/metrics';
import { type LayerParameters, type Network, networkSizes } from '../nn/network';
import { checkNetwork, checkParameters } from '../nn/network-checks';
import { matrix, type Matrix } from '../reference/matrix';
import { softmax } from '../reference/operations';
import { referenceForward } from '../reference/trainer';
import { checkFit } from './group-options';

/** A network's answers to a data set. */
export interface Predictions {
  readonly rows: number;
  readonly classes: number;
  /** [rows, classes], row-major; each row sums to 1. */
  readonly probabilities: Float32Array;
  /** [rows]: the most probable class; of equal ones the first. */
  readonly predicted: Uint32Array;
  /** Every layer's output, in the network's order: activations [rows, outputs], row-major. */
  readonly activations: readonly Matrix[];
}

/**
 * The network's answers to every row of a data set.
 *
 * @throws UnderglassError 'shape' if data set or parameters do not fit the network, 'data' if they hold what is no number
 */
export function predict(network: Network, parameters: readonly LayerParameters[], data: Dataset): Predictions {
  checkNetwork(network);
  checkParameters('the parameters', network, parameters);
  validateDataset(data);
  checkFit(network, [data]);
  const { rows, columns, features } = data;
  const states = referenceForward(network, parameters, matrix(rows, columns, Float64Array.from(features)));
  const { data: probabilities, columns: classes } = softmax(states.at(-1)!);
  const predicted = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    predicted[row] = largestOf(probabilities.subarray(row * classes, (row + 1) * classes));
  }
  return {
    rows,
    classes,
    probabilities: Float32Array.from(probabilities),
    predicted,
    activations: states.slice(1),
  };
}

/**
 * How often each class was taken for each: [classes, classes], row-major, rows the right class, columns the answer.
 *
 * @throws UnderglassError 'data' where labels are not one class a row
 */
export function confusionMatrix({ classes, predicted }: Predictions, labels: ArrayLike<number>): Uint32Array {
  validateLabels(labels, predicted.length, classes);
  return confusionCounts(predicted, labels, classes);
}

/**
 * Rows that were answered wrongly, the worst first: by the probability of the right class, the least first.
 *
 * @param most how many at most
 * @throws UnderglassError 'data' where labels are not one class a row
 */
export function worstMistakes(
  { classes, predicted, probabilities }: Predictions,
  labels: ArrayLike<number>,
  most: number,
): Uint32Array {
  validateLabels(labels, predicted.length, classes);
  const right = (row: number) => probabilities[row * classes + labels[row]!]!;
  const wrong = Array.from(predicted.keys()).filter((row) => predicted[row] !== labels[row]);
  return Uint32Array.from(wrong.toSorted((a, b) => right(a) - right(b) || a - b).slice(0, most));
}

/** What every layer answers to one image. */
export interface Reading {
  /** Of each class; they sum to 1. */
  readonly probabilities: Float32Array;
  /** Every layer's output [outputs], in the network's order. */
  readonly activations: readonly Float32Array[];
}

/**
 * What every layer of a network answers to one image.
 *
 * @throws UnderglassError 'shape' if image or parameters do not fit the network, 'data' if they hold what is no number
 */
export function readImage(network: Network, parameters: readonly LayerParameters[], image: ArrayLike<number>): Reading {
  checkNetwork(network);
  checkParameters('the parameters', network, parameters);
  const pixels = Float64Array.from(image);
  const wrong = pixels.findIndex((pixel) => !Number.isFinite(pixel));
  if (wrong >= 0) {
    throw new UnderglassError('data', `pixel ${wrong} of the image is ${pixels[wrong]}; give finite numbers.`);
  }
  const states = referenceForward(network, parameters, matrix(1, pixels.length, pixels));
  return {
    probabilities: Float32Array.from(softmax(states.at(-1)!).data),
    activations: states.slice(1).map(({ data }) => Float32Array.from(data)),
  };
}

/** How the numbers of a layer are spread. */
export interface LayerSpread {
  readonly name: string;
  readonly outputs: number;
  readonly weights: Histogram;
  /** Over all rows of the data set. */
  readonly activations: Histogram;
  /** Of the weights, from the last step; left out before the first. */
  readonly gradients?: Histogram;
}

/** How each layer's weights, activations and weight gradients are spread, each over `bins` bins. */
export function layerSpreads(
  network: Network,
  parameters: readonly LayerParameters[],
  { activations }: Predictions,
  gradients: readonly LayerParameters[] | undefined,
  bins: number,
): LayerSpread[] {
  return network.layers.map(({ name, outputs }, i) => ({
    name,
    outputs,
    weights: histogram(parameters[i]!.w, bins),
    activations: histogram(activations[i]!.data, bins),
    ...(gradients ? { gradients: histogram(gradients[i]!.w, bins) } : {}),
  }));
}

/** The weights that lead into each of the first layer's units, unit by unit. */
export interface FirstLayer {
  readonly inputs: number;
  /** Units of the layer, of which `weights` may hold the first ones only. */
  readonly units: number;
  /** [shown units, inputs], row-major. */
  readonly weights: Float32Array;
}

/** The weights into each of the first layer's first `most` units, side by side as images are. */
export function firstLayer(network: Network, parameters: readonly LayerParameters[], most: number): FirstLayer {
  const [inputs = 0, units = 0] = networkSizes(network);
  const shown = Math.min(units, most);
  const { w } = parameters[0]!;
  return {
    inputs,
    units,
    weights: Float32Array.from({ length: shown * inputs }, (_, i) => w[(i % inputs) * units + Math.floor(i / inputs)]!),
  };
}

function largestOf(values: ArrayLike<number>): number {
  let best = 0;
  for (let n = 1; n < values.length; n++) if (values[n]! > values[best]!) best = n;
  return best;
}
