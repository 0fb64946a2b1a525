// Presets: a few experiments by name, as texts that stand in for what is not given.

import { BY_NAME, readSettings, settingOf } from './read';
import type { Texts } from './setting';

/** Settings under a name. */
export interface Preset {
  /** For people. */
  readonly label: string;
  /** In one short line. */
  readonly hint: string;
  readonly texts: Texts;
}

export const presets = {
  tutorial: { label: 'Tutorial', hint: 'the experiment of the tutorial, to the letter', texts: {} },
  modern: {
    label: 'Modern',
    hint: 'ReLU, Adam and minibatches: a start for any data',
    texts: {
      layers: '128, 64',
      activation: 'relu',
      output: 'linear',
      weights: 'auto',
      optimiser: 'adam',
      lr: '0.005',
      l2: '0.3',
      schedule: 'cosine',
      batch: '32',
      epochs: '100',
    },
  },
  minibatch: {
    label: 'Minibatch',
    hint: 'many small steps an epoch, a linear output',
    texts: { output: 'linear', lr: '0.05', l2: '0.01', batch: '32', epochs: '60' },
  },
  wide: {
    label: 'Wide',
    hint: 'one hidden layer of 256, work for a GPU',
    texts: { layers: '256', output: 'linear', l2: '0.1', epochs: '300' },
  },
} as const satisfies Record<string, Preset>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;

/** A preset's texts under those that are given; what the preset says of an optimiser or a schedule that is not taken is left out. */
export function withPreset(name: PresetName, given: Texts): Texts {
  const preset: Preset = presets[name];
  const meant = readSettings(preset.texts, BY_NAME).settings;
  const { settings } = readSettings({ ...preset.texts, ...given }, BY_NAME);
  const isKept = (text: string): boolean => {
    const { follows } = settingOf(text, settings) ?? {};
    return settings[text] !== undefined && (follows === undefined || settings[follows] === meant[follows]);
  };
  return { ...Object.fromEntries(Object.entries(preset.texts).filter(([text]) => isKept(text))), ...given };
}
