// The settings of a run: what the page can set, how each is written, and what is asked of it.
//
// Names in links are those of the command line's options, so that a link and a command read alike.

import {
  type Activation,
  type BatchSize,
  denseNetwork,
  parameterCount,
  type ProgramName,
  TUTORIAL_EPOCHS,
  TUTORIAL_L2,
  TUTORIAL_LEARNING_RATE,
  TUTORIAL_MOMENTUM,
  TUTORIAL_SIZES,
} from '../../index';
import { formatCount } from '../../base/units';
import { choice, type Parsed, problem, quote, real, wholeNumber } from './parse';

/** Everything that a run depends on: the same settings on the same adapter give the same bits. */
export interface Settings {
  readonly data: DataName;
  /** Widths of the hidden layers. */
  readonly layers: readonly number[];
  readonly output: Activation;
  readonly learningRate: number;
  readonly momentum: number;
  readonly l2: number;
  readonly batch: BatchSize;
  readonly epochs: number;
  readonly seed: number;
  readonly program: ProgramName;
}

export type DataName = 'digits';

/** What the page has to know of a data set before it is loaded. */
export const DATA_SETS: Readonly<Record<DataName, { inputs: number; classes: number; trainRows: number }>> = {
  digits: { inputs: 64, classes: 10, trainRows: 721 },
};

/** The tutorial's experiment. */
export const TUTORIAL: Settings = {
  data: 'digits',
  layers: TUTORIAL_SIZES.slice(1, -1),
  output: 'sigmoid',
  learningRate: TUTORIAL_LEARNING_RATE,
  momentum: TUTORIAL_MOMENTUM,
  l2: TUTORIAL_L2,
  batch: 'full',
  epochs: TUTORIAL_EPOCHS,
  seed: 0,
  program: 'fused',
};

/** Settings under a name. */
export interface Preset {
  readonly name: string;
  readonly meaning: string;
  readonly settings: Settings;
}

export const PRESETS: readonly Preset[] = [
  { name: 'Tutorial', meaning: 'the experiment of the tutorial, to the letter', settings: TUTORIAL },
  {
    name: 'Minibatch',
    meaning: 'many small steps an epoch, a linear output',
    settings: { ...TUTORIAL, output: 'linear', learningRate: 0.05, l2: 0.01, batch: 32, epochs: 60 },
  },
  {
    name: 'Wide',
    meaning: 'one hidden layer of 256, work for a GPU',
    settings: { ...TUTORIAL, layers: [256], output: 'linear', l2: 0.1, epochs: 300 },
  },
];

/** More hidden layers than a sigmoid network can learn through, and as many as the diagram can show. */
export const MOST_LAYERS = 8;
export const WIDEST_LAYER = 4096;
/** In float32, half of the 128 MiB that every WebGPU device can bind at once. */
const MOST_PARAMETERS = 2 ** 24;
const MOST_EPOCHS = 100_000;
const LARGEST_SEED = 2 ** 32 - 1;

/** One setting: its name for people and for links, and how it is read and written. */
export interface Field<T> {
  readonly parameter: string;
  readonly label: string;
  /** What it is, in at most two short lines. */
  readonly hint: string;
  readonly parse: (text: string) => Parsed<T>;
  readonly format: (value: T) => string;
}

export type FieldName = keyof Settings;

/** Every field. */
export const FIELDS: { readonly [Name in FieldName]: Field<Settings[Name]> } = {
  data: {
    parameter: 'data',
    label: 'Data set',
    hint: '1,797 handwritten digits, 8×8 pixels each.',
    parse: choice(['digits']),
    format: String,
  },
  layers: {
    parameter: 'layers',
    label: 'Hidden layers',
    hint: 'Their widths, from the pixels to the digits.',
    parse: parseLayers,
    format: (widths) => (widths.length > 0 ? widths.join(', ') : 'none'),
  },
  output: {
    parameter: 'output',
    label: 'Output',
    hint: 'The last layer before softmax.',
    parse: choice(['sigmoid', 'linear']),
    format: String,
  },
  learningRate: {
    parameter: 'lr',
    label: 'Learning rate α',
    hint: 'How far a step goes against the gradient.',
    parse: real({ above: 0, to: 1e6 }),
    format: String,
  },
  momentum: {
    parameter: 'momentum',
    label: 'Momentum μ',
    hint: 'How much of the last change is kept.',
    parse: real({ from: 0, below: 1 }),
    format: String,
  },
  l2: {
    parameter: 'l2',
    label: 'L2 penalty λ',
    hint: 'What large weights cost; 0 for none.',
    parse: real({ from: 0, to: 1e6 }),
    format: String,
  },
  batch: {
    parameter: 'batch',
    label: 'Batch',
    hint: 'Images a step: a number, or full.',
    parse: parseBatch,
    format: String,
  },
  epochs: {
    parameter: 'epochs',
    label: 'Epochs',
    hint: 'Looks at the whole training set.',
    parse: wholeNumber(1, MOST_EPOCHS),
    format: String,
  },
  seed: {
    parameter: 'seed',
    label: 'Seed',
    hint: 'Of first weights and row order.',
    parse: wholeNumber(0, LARGEST_SEED),
    format: String,
  },
  program: {
    parameter: 'program',
    label: 'Program',
    hint: 'Naive: a kernel for each line of the tutorial.',
    parse: choice(['fused', 'naive']),
    format: String,
  },
};

/** In the order in which links name them. */
export const FIELD_NAMES: readonly FieldName[] = [
  'data',
  'layers',
  'output',
  'learningRate',
  'momentum',
  'l2',
  'batch',
  'epochs',
  'seed',
  'program',
];

/** An object with an entry for every field. */
export function forFields<Entries extends { readonly [Name in FieldName]: unknown }>(
  entry: <Name extends FieldName>(name: Name) => Entries[Name],
): { readonly [Name in FieldName]: Entries[Name] } {
  return {
    data: entry('data'),
    layers: entry('layers'),
    output: entry('output'),
    learningRate: entry('learningRate'),
    momentum: entry('momentum'),
    l2: entry('l2'),
    batch: entry('batch'),
    epochs: entry('epochs'),
    seed: entry('seed'),
    program: entry('program'),
  };
}

/** Sizes from the pixels to the digits. */
export function networkSizesOf({ data, layers }: Pick<Settings, 'data' | 'layers'>): number[] {
  const { inputs, classes } = DATA_SETS[data];
  return [inputs, ...layers, classes];
}

/** Weights and biases together. */
export function parametersOf(settings: Pick<Settings, 'data' | 'layers'>): number {
  return parameterCount(denseNetwork(networkSizesOf(settings)));
}

/** Updates an epoch makes. */
export function stepsAnEpoch({ data, batch }: Pick<Settings, 'data' | 'batch'>): number {
  return batch === 'full' ? 1 : Math.ceil(DATA_SETS[data].trainRows / batch);
}

/** The fields in which two settings differ. */
export function differences(one: Settings, other: Settings): FieldName[] {
  return FIELD_NAMES.filter((name) => written(name, one) !== written(name, other));
}

/** A field's value as text. */
export function written<Name extends FieldName>(name: Name, settings: Pick<Settings, Name>): string {
  return FIELDS[name].format(settings[name]);
}

/**
 * Widths with commas or spaces between; `none` or nothing makes a network without hidden layers.
 *
 * Judged before anything is made of it: a network that is too large costs nothing but this sentence.
 */
function parseLayers(text: string): Parsed<readonly number[]> {
  const parts = text.split(/[\s,]+/).filter(Boolean);
  if (parts.length === 0 || (parts.length === 1 && parts[0] === 'none')) {
    return { value: [] };
  }
  if (parts.length > MOST_LAYERS) {
    return problem(`${parts.length} hidden layers are more than the ${MOST_LAYERS} that this page trains.`);
  }
  const width = wholeNumber(1, WIDEST_LAYER);
  const widths: number[] = [];
  for (const part of parts) {
    const parsed = width(part);
    if ('problem' in parsed) {
      const number = Number(part);
      return number > WIDEST_LAYER
        ? problem(
            `A layer of ${quoteNumber(number, part)} is too wide; this page trains up to ${formatCount(WIDEST_LAYER)}.`,
          )
        : problem(`${quote(part)} is no width; write whole numbers, such as 48, 32, or none.`);
    }
    widths.push(parsed.value);
  }
  const count = parametersOf({ data: 'digits', layers: widths });
  return count > MOST_PARAMETERS
    ? problem(
        `They make ${formatCount(count)} weights, above this page’s ${formatCount(MOST_PARAMETERS)}; make a layer narrower.`,
      )
    : { value: widths };
}

function quoteNumber(value: number, text: string): string {
  return Number.isInteger(value) && value < 1e12 ? formatCount(value) : quote(text);
}

function parseBatch(text: string): Parsed<BatchSize> {
  if (text.trim() === 'full') {
    return { value: 'full' };
  }
  const { trainRows } = DATA_SETS.digits;
  const parsed = wholeNumber(1, trainRows)(text);
  return 'problem' in parsed ? problem(`${parsed.problem.replace(/\.$/, '')}, or full.`) : parsed;
}
