// Checks of networks and parameters that a caller gives, who may have no types.

import { requireWhole, shown } from '../base/checks';
import { UnderglassError } from '../base/errors';
import { activations } from './activations';
import { initialisers } from './initialisers';
import { type LayerParameters, type Network, networkSizes } from './network';
import { requirePart } from './part';

/**
 * Checks that a network is one: layers of different names, each fed by the one before, with activations that there are.
 *
 * @throws UnderglassError 'usage' or 'shape' that names the first layer in which something is wrong
 */
export function checkNetwork(network: Network): void {
  const layers: unknown = (network as Partial<Network> | undefined)?.layers;
  if (!Array.isArray(layers) || layers.length === 0) {
    const what = network === undefined ? 'missing' : `${shown(network)} without layers`;
    throw new UnderglassError('usage', `The network is ${what}; make one with denseNetwork([64, 48, 32, 10]).`);
  }
  const names = new Set<string>();
  for (const [i, { name, inputs, outputs, activation, weights }] of network.layers.entries()) {
    if (typeof name !== 'string' || names.has(name)) {
      throw new UnderglassError('usage', `Layer ${i} is called ${shown(name)}; give each layer a name of its own.`);
    }
    names.add(name);
    requireWhole(`The number of inputs of ${name}`, inputs, { min: 1, code: 'shape' });
    requireWhole(`The number of outputs of ${name}`, outputs, { min: 1, code: 'shape' });
    requirePart('activation', activations, activation);
    requirePart('initial weights', initialisers, weights);
    const before = network.layers[i - 1];
    if (before && before.outputs !== inputs) {
      throw new UnderglassError(
        'shape',
        `${name} takes ${inputs} inputs, but ${before.name} before it has ${before.outputs} outputs; make them equal.`,
      );
    }
  }
}

/**
 * Checks that parameters, or what is laid out like them, are finite numbers for every layer of a network.
 *
 * @param what they are, as the error names them: `the parameters`
 * @throws UnderglassError 'shape' where they are of another network, 'data' where they are no numbers
 */
export function checkParameters(what: string, network: Network, parameters: readonly LayerParameters[]): void {
  const trained = `but the network is ${networkSizes(network).join('-')}`;
  if (!Array.isArray(parameters) || parameters.length !== network.layers.length) {
    const layers = Array.isArray(parameters) ? `of ${parameters.length} layers` : shown(parameters);
    throw new UnderglassError('shape', `${what} are ${layers}, ${trained}.`);
  }
  for (const [i, { name, inputs, outputs }] of network.layers.entries()) {
    for (const tensor of ['w', 'b'] as const) {
      const values = parameters[i]?.[tensor];
      if (!(values instanceof Float64Array)) {
        throw new UnderglassError('data', `${what} have ${shown(values)} as ${name}.${tensor}, not a Float64Array.`);
      }
      const size = tensor === 'w' ? inputs * outputs : outputs;
      if (values.length !== size) {
        throw new UnderglassError('shape', `${what} have ${values.length} numbers as ${name}.${tensor}, ${trained}.`);
      }
      const index = values.findIndex((value) => !Number.isFinite(value));
      if (index >= 0) {
        throw new UnderglassError('data', `${what} have ${values[index]} in ${name}.${tensor}, at ${index}.`);
      }
    }
  }
}
