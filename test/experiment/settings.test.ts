// The table of settings: every part has its settings there, and texts become settings and texts again.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkOf, optimiserOf } from '../../src/experiment/build';
import { presets, withPreset } from '../../src/experiment/presets';
import {
  applying,
  BY_NAME,
  differences,
  readSettings,
  requireSettings,
  textsOf,
  TUTORIAL,
} from '../../src/experiment/read';
import type { Texts } from '../../src/experiment/setting';
import { SETTINGS } from '../../src/experiment/settings';
import { partNames } from '../../src/nn/part';
import {
  type OptimiserRule,
  optimisers,
  networkSizes,
  type ScheduleRule,
  schedules,
  TUTORIAL_L2,
} from '../../src/index';
import { anyTexts } from '../support/any-texts';

const require = (texts: Texts) => requireSettings(texts, (name) => `--${name}`);

describe('the table', () => {
  test('without texts is the tutorial', () => {
    expect(networkOf(TUTORIAL).layers.map(({ outputs, activation }) => [outputs, activation])).toEqual([
      [48, 'sigmoid'],
      [32, 'sigmoid'],
      [10, 'sigmoid'],
    ]);
    expect(optimiserOf(TUTORIAL)).toMatchObject({ kind: 'sgd', learningRate: 0.2, l2: TUTORIAL_L2 });
    expect(optimiserOf(TUTORIAL)).toMatchObject({ settings: { momentum: 0.9, nesterov: 0 } });
    expect(TUTORIAL).toMatchObject({ batch: 'full', epochs: 1000, seed: 0, schedule: 'constant', program: 'fused' });
  });

  // Names that commands have for something else, and the one with which every experiment is given.
  test('has no name twice in one experiment, and none of another option', () => {
    for (const texts of [...OPTIMISERS, ...SCHEDULES]) {
      const names = applying(require(texts)).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const other of ['every', 'json', 'tune', 'no-tune', 'steps', 'rows', 'preset']) {
        expect(names).not.toContain(other);
      }
    }
    for (const { name } of SETTINGS) expect(name).toMatch(/^[a-z][a-z\d]*(-[a-z\d]+)*$/);
  });

  test('has the settings of every optimiser, which reach it by its own names', () => {
    for (const [kind, rule] of Object.entries<OptimiserRule>(optimisers)) {
      const own = SETTINGS.filter(({ owner }) => owner?.kind === 'optimiser' && owner.part === kind);
      expect(own.map(({ owner }) => owner!.key)).toEqual(Object.keys(rule.settings));
      const given = Object.fromEntries(own.map(({ name, choices }) => [name, choices ? '1' : '0.625']));
      const { learningRate, settings } = optimiserOf(require({ optimiser: kind, ...given }));
      expect(learningRate).toBe(rule.learningRate);
      expect(settings).toEqual(Object.fromEntries(own.map(({ name, owner }) => [owner!.key, Number(given[name])])));
    }
  });

  test('has the settings of every schedule, and plans it over the epochs', () => {
    for (const [kind, rule] of Object.entries<ScheduleRule>(schedules)) {
      const { schedule } = optimiserOf(require({ schedule: kind, epochs: '7' }));
      expect(schedule).toMatchObject({ kind, epochs: 7 });
      expect(Object.keys(schedule.settings)).toEqual(Object.keys(rule.settings));
    }
    const texts = { schedule: 'step', 'schedule-every': '4', gamma: '0.5' };
    expect(optimiserOf(require(texts)).schedule.settings).toEqual({ every: 4, gamma: 0.5 });
  });
});

const OPTIMISERS: readonly Texts[] = Object.keys(optimisers).map((optimiser) => ({ optimiser }));
const SCHEDULES: readonly Texts[] = SETTINGS.find(({ name }) => name === 'schedule')!.choices!.map(({ word }) => ({
  schedule: word,
}));

describe('texts', () => {
  test('of any settings give those settings', () => {
    fc.assert(
      fc.property(anyTexts, (given) => {
        const { settings, faults } = readSettings(given, BY_NAME);
        expect(faults).toEqual({});
        const again = readSettings(textsOf(settings), BY_NAME);
        expect(again).toEqual({ settings, faults: {}, idle: [] });
        expect(differences(settings, again.settings)).toEqual([]);
        networkOf(settings);
        optimiserOf(settings);
      }),
    );
  });

  test('leave out what is initial for the optimiser that is taken', () => {
    expect(textsOf(TUTORIAL)).toEqual({});
    expect(textsOf(require({ optimiser: 'adam', lr: '0.001', beta1: '0.9' }))).toEqual({ optimiser: 'adam' });
  });

  test('of layers name the activation of each, and the others have that of the experiment', () => {
    const network = networkOf(require({ layers: ' 128:relu, 64 32:tanh', activation: 'gelu', output: 'linear' }));
    expect(networkSizes(network)).toEqual([64, 128, 64, 32, 10]);
    expect(network.layers.map(({ activation }) => activation)).toEqual(['relu', 'gelu', 'tanh', 'linear']);
  });

  test.each<[Texts, RegExp]>([
    [{ layers: '48,,32' }, /^--layers is "48,,32"; use whole numbers of at least 1 .*, or none\.$/],
    [{ layers: '48:relu:tanh' }, /^--layers is "48:relu:tanh"; use/],
    [{ layers: '48:' }, /^--layers is "48:", where "" is unknown; use linear, sigmoid/],
    [{ layers: '48:Relu' }, /^--layers is "48:Relu", where "Relu" is unknown; did you mean relu\?$/],
    [{ optimiser: '__proto__' }, /^--optimiser is "__proto__"; use sgd, adam/],
    [{ optimiser: 'adam', epsilon: '0' }, /^--epsilon is "0"; use a number above 0, such as 1e-8\.$/],
    [{ optimiser: 'adam', lr: 'fast' }, /^--lr is "fast"; use a number above 0, such as 0\.001\.$/],
    [{ optimiser: 'adam', nesterov: '1' }, /^--nesterov has no effect here: it is for optimiser sgd; leave it out\.$/],
    [{ gamma: '0.5' }, /^--gamma has no effect here: it is for schedule step, exponential or plateau; leave it out\.$/],
    [
      { schedule: 'cosine', 'schedule-patience': '2' },
      /^--schedule-patience has no effect here: it is for schedule plateau/,
    ],
    [{ batch: '722' }, /^--batch is "722"; use full, or a whole number from 1 to 721/],
  ])('%o are refused in one sentence', (wrong, sentence) => {
    expect(() => require(wrong)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(sentence) }),
    );
  });
});

describe('a preset', () => {
  test.each(partNames(presets))('%s makes sense', (name) => {
    const settings = require(withPreset(name, {}));
    expect(differences(settings, require(textsOf(settings)))).toEqual([]);
  });

  test('gives way to what is given, and keeps nothing of an optimiser that is not taken', () => {
    const given = require(withPreset('modern', { optimiser: 'sgd', epochs: '5' }));
    expect(given).toMatchObject({ optimiser: 'sgd', lr: 0.2, momentum: 0.9, epochs: 5, batch: 32, activation: 'relu' });
    expect(require(withPreset('minibatch', { optimiser: 'sgd' })).lr).toBe(0.05);
    expect(require(withPreset('modern', { layers: '9:tanh' })).activation).toBeUndefined();
  });
});
