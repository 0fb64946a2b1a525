// The one table of settings: command-line options, the page's fields, links, reports and README's table all come from here.

import { choice, type Interval, number, wholeNumber } from '../base/parsing';
import {
  type Activation,
  activations,
  type BatchSize,
  type InitialiserName,
  initialisers,
  type OptimiserName,
  optimisers,
  type ProgramName,
  type ScheduleName,
  schedules,
  TUTORIAL_EPOCHS,
  TUTORIAL_L2,
  TUTORIAL_SIZES,
} from '../index';
import { partNames } from '../nn/part';
import { batchSize } from './batch-size';
import { type DataName, dataSet, dataSets } from './data-sets';
import { type HiddenLayer, hiddenLayers, layersText } from './layers';
import { optimiserSettings, scheduleSettings } from './part-settings';
import type { Setting } from './setting';

const RATES: Interval = { min: 0, above: true };
const PENALTIES: Interval = { min: 0 };
const MOST_SEED = 2 ** 32 - 1;

const data: Setting<DataName> = words('data', dataSets, 'digits', {
  label: 'Data set',
  hint: '1,797 handwritten digits, 8×8 pixels each.',
  group: 'Training',
});

const layers: Setting<readonly HiddenLayer[]> = {
  name: 'layers',
  label: 'Hidden layers',
  hint: 'Their widths, as 48,32 or 128:relu,64:tanh, or none.',
  group: 'Network',
  takes: 'widths',
  initial: () => TUTORIAL_SIZES.slice(1, -1).map((width) => ({ width })),
  parse: (text, subject) => hiddenLayers(subject)(text),
  format: layersText,
  suggestions: ['48, 32', '100', '128:relu, 64:tanh', 'none'],
};

const activation: Setting<Activation> = words('activation', activations, 'sigmoid', {
  label: 'Activation',
  hint: 'Of hidden layers that name none.',
  group: 'Network',
  when: (settings) => settings.layers.some((layer) => layer.activation === undefined),
  scope: 'hidden layers that name no activation',
});

const output: Setting<Activation> = words('output', activations, 'sigmoid', {
  label: 'Output',
  hint: 'Of the last layer, before softmax.',
  group: 'Network',
});

const WEIGHTS: Readonly<Record<InitialiserName | 'auto', Named>> = {
  ...initialisers,
  auto: { label: 'auto', hint: 'What suits the activation of each layer.' },
};

const weights: Setting<InitialiserName | 'auto'> = words('weights', WEIGHTS, 'glorotUniform', {
  label: 'Initial weights',
  hint: 'How they are drawn.',
  group: 'Network',
});

const optimiser: Setting<OptimiserName> = words('optimiser', optimisers, 'sgd', {
  label: 'Optimiser',
  hint: 'How gradients move the weights.',
  group: 'Optimiser',
});

const lr: Setting<number> = {
  name: 'lr',
  label: 'Learning rate α',
  hint: 'How far a step goes against the gradient.',
  group: 'Optimiser',
  takes: 'rate',
  initial: (settings) => optimisers[settings.optimiser].learningRate,
  parse: (text, subject, settings) => number(subject, RATES, lr.initial(settings))(text),
  format: String,
  follows: 'optimiser',
};

const l2: Setting<number> = {
  name: 'l2',
  label: 'L2 penalty λ',
  hint: 'What large weights cost; 0 for none.',
  group: 'Optimiser',
  takes: 'lambda',
  initial: () => TUTORIAL_L2,
  parse: (text, subject) => number(subject, PENALTIES, TUTORIAL_L2)(text),
  format: String,
};

const schedule: Setting<ScheduleName> = words('schedule', schedules, 'constant', {
  label: 'Schedule',
  hint: 'How the learning rate changes.',
  group: 'Schedule',
});

const batch: Setting<BatchSize> = {
  name: 'batch',
  label: 'Batch',
  hint: 'Rows a step: a number, or full.',
  group: 'Training',
  takes: 'rows',
  initial: () => 'full',
  parse: (text, subject, settings) => batchSize(subject, dataSet(settings.data).trainRows)(text),
  format: String,
  suggestions: ['full', '16', '32', '64', '128'],
};

const epochs: Setting<number> = {
  name: 'epochs',
  label: 'Epochs',
  hint: 'Times through the training set.',
  group: 'Training',
  takes: 'number',
  initial: () => TUTORIAL_EPOCHS,
  parse: (text, subject) => wholeNumber(subject, 0)(text),
  format: String,
};

const patience: Setting<number | 'none'> = {
  name: 'patience',
  label: 'Patience',
  hint: 'Evaluations without a gain in validation loss after which training stops, with its best weights.',
  group: 'Training',
  takes: 'number',
  initial: () => 'none',
  parse: (text, subject) => (text.trim() === 'none' ? 'none' : wholeNumber(subject, 1)(text)),
  format: String,
  suggestions: ['none', '10', '20', '50'],
};

const seed: Setting<number> = {
  name: 'seed',
  label: 'Seed',
  hint: 'Of the first weights and the row order.',
  group: 'Training',
  takes: 'number',
  initial: () => 0,
  parse: (text, subject) => wholeNumber(subject, 0, MOST_SEED)(text),
  format: String,
};

const PROGRAMS: Readonly<Record<ProgramName, Named>> = {
  fused: { label: 'fused', hint: 'Two kernels a layer, and one more.' },
  naive: { label: 'naive', hint: 'A kernel for each line of the tutorial.' },
};

const program: Setting<ProgramName> = words('program', PROGRAMS, 'fused', {
  label: 'Program',
  hint: 'How many kernels a step has.',
  group: 'Running',
});

const before = [data, layers, activation, output, weights, optimiser, lr] as const;
const after = [batch, epochs, patience, seed, program] as const;

/** Names that no part's setting may have: those above, and other options of the commands. */
const TAKEN = new Set([...before, l2, schedule, ...after].map(({ name }) => name).concat('every'));

/** Every setting, in the order of links; each may look at those before it. */
export const SETTINGS: readonly Setting[] = [
  ...before,
  ...optimiserSettings(TAKEN),
  l2,
  schedule,
  ...scheduleSettings(TAKEN),
  ...after,
];

/** What a word that can be chosen is called. */
interface Named {
  readonly label: string;
  readonly hint: string;
}

/** A setting that is one of a table's names. */
function words<T extends string>(
  name: string,
  table: Readonly<Record<T, Named>>,
  initial: T,
  rest: Pick<Setting, 'label' | 'hint' | 'group' | 'when' | 'scope'>,
): Setting<T> {
  const names = partNames(table);
  return {
    name,
    takes: 'name',
    initial: () => initial,
    parse: (text, subject) => choice(subject, names)(text),
    format: String,
    choices: names.map((word) => ({ word, label: table[word].label, hint: table[word].hint })),
    ...rest,
  };
}
