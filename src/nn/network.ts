// Networks as plain data: dense layers in a row, and the numbers that they learn.
//
// No arithmetic on examples here: `src/reference/` and `src/program/` say what a network computes.

import { requireOptions, requireWhole, shown } from '../base/checks';
import { UnderglassError } from '../base/errors';
import type { RandomState } from '../base/random';
import { type Activation, activations } from './activations';
import { type InitialiserName, initialisers } from './initialisers';
import { requirePart } from './part';

/** A dense layer: y = activation(x w + b), with w [inputs, outputs] and b [outputs]. */
export interface Layer {
  /** 'dense1', 'dense2', ...: the start of every label that belongs to it. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  /** How its initial weights are drawn. */
  readonly weights: InitialiserName;
}

/** Dense layers, each feeding the next, then a softmax classifier over the last layer's output. */
export interface Network {
  readonly layers: readonly Layer[];
}

/** Options of {@link denseNetwork}. */
export interface DenseNetworkOptions {
  /** The hidden layers' activation: one for all, or one for each. 'sigmoid' unless told, as in the tutorial. */
  readonly hidden?: Activation | readonly Activation[] | undefined;
  /** The last layer's activation: 'sigmoid' unless told, as in the tutorial. */
  readonly output?: Activation | undefined;
  /** The initial weights; `auto` takes those that suit each layer's activation. 'glorotUniform' unless told, as in the tutorial. */
  readonly weights?: InitialiserName | 'auto' | undefined;
}

const DENSE_NETWORK_OPTIONS: Readonly<Record<keyof DenseNetworkOptions, true>> = {
  hidden: true,
  output: true,
  weights: true,
};

/**
 * A network of dense layers of the given sizes.
 *
 * @param sizes inputs, then the outputs of each layer: [64, 48, 32, 10] makes three layers
 * @throws UnderglassError 'shape' if there are fewer than two sizes, or one is not a whole number of at least 1;
 *   'usage' if there is no such activation or option, or not one activation for each hidden layer
 */
export function denseNetwork(sizes: readonly number[], options: DenseNetworkOptions = {}): Network {
  if (!Array.isArray(sizes)) {
    throw new UnderglassError('shape', `The sizes are ${shown(sizes)}; give a list, such as [64, 48, 32, 10].`);
  }
  requireOptions('denseNetwork', options, DENSE_NETWORK_OPTIONS);
  const { hidden = 'sigmoid', output = 'sigmoid', weights = 'glorotUniform' } = options;
  if (sizes.length < 2) {
    throw new UnderglassError(
      'shape',
      `The sizes [${sizes.join(', ')}] make no layer; give the number of inputs and at least one layer size.`,
    );
  }
  sizes.forEach((size, i) => {
    requireWhole(`Size ${i} of the network [${sizes.join(', ')}]`, size, { min: 1, code: 'shape' });
  });
  const last = sizes.length - 2;
  const chosen = typeof hidden === 'string' ? Array<Activation>(last).fill(hidden) : hidden;
  if (chosen.length !== last) {
    throw new UnderglassError(
      'usage',
      `There are ${chosen.length} activations for ${last} hidden layers; give one for all, or one for each.`,
    );
  }
  for (const activation of [...chosen, output]) {
    requirePart('activation', activations, activation);
  }
  const drawn = weights === 'auto' ? weights : requirePart('initial weights', initialisers, weights);
  const layers = sizes.slice(1).map((outputs, i): Layer => {
    const activation = i === last ? output : chosen[i]!;
    const own = drawn === 'auto' ? activations[activation].weights : drawn;
    return { name: `dense${i + 1}`, inputs: sizes[i]!, outputs, activation, weights: own };
  });
  return { layers };
}

/** The numbers that a layer learns. */
export interface LayerParameters {
  /** Weights [inputs, outputs], row-major. */
  readonly w: Float64Array;
  /** Biases [outputs]. */
  readonly b: Float64Array;
}

/**
 * New parameters, one entry a layer: w as the layer's initial weights are drawn, b = 0.
 *
 * Draws from `random` in the order w1, w2, ..., each in row-major order: the project's seeding rule.
 */
export function initialParameters(network: Network, random: RandomState): LayerParameters[] {
  return network.layers.map(({ inputs, outputs, weights }) => ({
    w: initialisers[weights].draw(random, inputs, outputs),
    b: new Float64Array(outputs),
  }));
}

/** The number of weights and biases together. */
export function parameterCount(network: Network): number {
  return network.layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs + outputs, 0);
}

/** The sizes that {@link denseNetwork} would make it from: inputs, then the outputs of each layer. */
export function networkSizes(network: Network): number[] {
  const first = network.layers[0];
  return first === undefined ? [] : [first.inputs, ...network.layers.map((layer) => layer.outputs)];
}
