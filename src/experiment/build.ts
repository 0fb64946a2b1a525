// From settings to what they mean: the network and the optimiser.

import { denseNetwork, type Network, networkSizes, type Optimiser, optimiser, parameterCount } from '../index';
import { dataSet } from './data-sets';
import type { Owner, Settings } from './setting';
import { SETTINGS } from './settings';

/** The network that the settings ask for. */
export function networkOf(settings: Pick<Settings, 'data' | 'layers' | 'activation' | 'output' | 'weights'>): Network {
  const { data, layers, activation, output, weights } = settings;
  const { inputs, classes } = dataSet(data);
  return denseNetwork([inputs, ...layers.map(({ width }) => width), classes], {
    hidden: layers.map((layer) => layer.activation ?? activation ?? 'sigmoid'),
    output,
    weights,
  });
}

/** The optimiser that the settings ask for, with its schedule. @throws UnderglassError `usage` as `optimiser` does */
export function optimiserOf(settings: Settings): Optimiser {
  const { optimiser: kind, lr: learningRate, l2 } = settings;
  const schedule = {
    kind: settings.schedule,
    epochs: Math.max(1, settings.epochs),
    ...partNumbers(settings, 'schedule'),
  };
  return optimiser({ kind, learningRate, l2, schedule, ...partNumbers(settings, 'optimiser') });
}

/** The numbers of the optimiser or the schedule that is chosen, by the names that its rule knows them by. */
export function partNumbers(settings: Settings, kind: Owner['kind']): Readonly<Record<string, number>> {
  const own = SETTINGS.filter(({ owner }) => owner?.kind === kind && owner.part === settings[kind]);
  return Object.fromEntries(own.map(({ name, owner }) => [owner!.key, Number(settings[name])]));
}

/** Widths from the inputs to the outputs. */
export function sizesOf(settings: Settings): number[] {
  return networkSizes(networkOf(settings));
}

/** Weights and biases together. */
export function parametersOf(
  settings: Pick<Settings, 'data' | 'layers' | 'activation' | 'output' | 'weights'>,
): number {
  return parameterCount(networkOf(settings));
}

/** Updates that an epoch makes. */
export function stepsAnEpoch({ data, batch }: Pick<Settings, 'data' | 'batch'>): number {
  return batch === 'full' ? 1 : Math.ceil(dataSet(data).trainRows / batch);
}
