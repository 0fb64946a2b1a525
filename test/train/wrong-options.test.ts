// What makes no sense is refused in one sentence that names it, before anything is allocated.

import { describe, expect, test } from 'vitest';
import { UnderglassError } from '../../src/base/errors';
import type { Device } from '../../src/gpu/device';
import { denseNetwork } from '../../src/nn/network';
import { gradientCheck } from '../../src/train/gradient-check';
import { confusionMatrix, predict, readImage, worstMistakes } from '../../src/train/inspection';
import { sweep } from '../../src/train/sweep';
import { Trainer, type TrainerOptions } from '../../src/train/trainer';
import { openTestDevice } from '../support/device';
import { dataset, madeUp } from '../support/made-up';

const options = madeUp({ rows: 25, batch: 10 });
const { network, optimiser, splits, seed } = options;
const { layers } = network;

/** A split of which one number, or one array, is another. */
const features = (index: number, value: number) => ({ features: splits.train.features.with(index, value) });
const labels = (values: unknown) => ({ labels: values });
const plain = Array.from(splits.train.labels);

/** What is changed of a split, and how the sentence goes on after the split's name. */
const WRONG_DATA: Readonly<Record<string, readonly [object, RegExp]>> = {
  'a NaN': [features(11, Number.NaN), /row 1, column 2 is NaN; replace or drop values that are not finite numbers\.$/],
  'an infinity': [features(224, -Infinity), /row 24, column 8 is -Infinity;/],
  'a label beyond the classes': [labels(splits.train.labels.with(3, 4)), /row 3 has label 4, but 4 classes end at 3;/],
  'a negative label': [labels(plain.with(7, -1)), /row 7 has label -1, but labels are whole numbers from 0 to 3;/],
  'a fractional label': [labels(plain.with(7, 1.5)), /row 7 has label 1\.5, but labels are whole/],
  'a text label': [labels(['one', ...plain.slice(1)]), /row 0 has label 'one', but labels are whole/],
  'plain labels': [labels(plain), /the labels are an Array; give a Uint32Array/],
  'plain features': [{ features: [...splits.train.features] }, /the features are an Array; give a Float32Array/],
  'plain features with text': [{ features: ['x', 1] }, /row 0, column 0 is 'x';/],
  'too few labels': [labels(splits.train.labels.slice(1)), /24 labels do not match 25 rows/],
  'no classes': [{ classes: undefined }, /the number of classes is undefined, but it must be a whole number/],
};

const layer = (index: number, change: object) => ({
  network: { layers: layers.with(index, { ...layers[index]!, ...change }) },
});

/** What is changed of the options, and the sentence. */
const WRONG_OPTIONS: Readonly<Record<string, readonly [object, RegExp]>> = {
  'no splits': [
    { splits: undefined },
    /^splits takes an object of options, not undefined; its options are train, valid, test\.$/,
  ],
  'a missing split': [
    { splits: { train: splits.train, test: splits.test } },
    /^splits\.valid is undefined; give a data set/,
  ],
  'an unknown split': [
    { splits: { ...splits, validation: splits.valid } },
    /^splits has no option 'validation'; use train, valid, test\.$/,
  ],
  'no optimiser': [{ optimiser: undefined }, /^The optimiser is missing; make one with optimiser\(/],
  'an optimiser not made': [
    { optimiser: { learningRate: 0.2, momentum: 0.9 } },
    /optimiser\({ … }\) makes, has no option 'momentum'/,
  ],
  'a rate beyond float32': [
    { optimiser: { ...optimiser, learningRate: 1e39 } },
    /^The learning rate is 1e\+39; use a number above 0 that float32/,
  ],
  'a rate of text': [{ optimiser: { ...optimiser, learningRate: '0.2' } }, /^The learning rate is '0\.2';/],
  'a penalty of NaN': [{ optimiser: { ...optimiser, l2: Number.NaN } }, /^The L2 penalty is NaN;/],
  'a missing setting': [{ optimiser: { ...optimiser, settings: {} } }, /^Momentum of sgd \(momentum\) is missing;/],
  'an unknown kind of optimiser': [
    { optimiser: { ...optimiser, kind: 'adma' } },
    /^There is no optimiser 'adma'; did you mean adam\?$/,
  ],
  'an unknown schedule': [
    { optimiser: { ...optimiser, schedule: { kind: 'cosin', settings: {} } } },
    /^There is no schedule 'cosin'; did you mean cosine\?$/,
  ],
  'no network': [{ network: undefined }, /^The network is missing; make one with denseNetwork/],
  'a network without layers': [{ network: { layers: [] } }, /^The network is an Object without layers;/],
  'layers that do not chain': [
    layer(1, { inputs: 6 }),
    /^dense2 takes 6 inputs, but dense1 before it has 7 outputs; make them equal\.$/,
  ],
  'half a layer': [layer(0, { outputs: 1.5 }), /^The number of outputs of dense1 is 1\.5, not a whole number/],
  'unknown initial weights': [layer(0, { weights: 'glorot' }), /^There is no initial weights 'glorot'/],
  'an unknown activation': [
    layer(0, { activation: 'sigmod' }),
    /^There is no activation 'sigmod'; did you mean sigmoid\?$/,
  ],
  'two layers of one name': [
    layer(1, { name: 'dense1' }),
    /^Layer 1 is called 'dense1'; give each layer a name of its own\.$/,
  ],
  'an unknown program': [{ program: 'fusd' }, /^The program is 'fusd'; did you mean fused\?$/],
  'an unknown runner': [{ runner: 'fast' }, /^The runner is 'fast'; use auto, chained, resident\.$/],
  'a batch of text': [{ batch: '10' }, /^The batch size is '10', not a whole number of at least 1; or use 'full'\.$/],
  'no seed': [{ seed: undefined }, /^The seed is undefined, not a whole number from 0 to 4294967295;/],
  'an unknown option': [
    { optimizer: optimiser },
    /^Trainer\.create has no option 'optimizer'; did you mean optimiser\?$/,
  ],
  'an unknown option of tuning': [{ tuning: { bugdet: 5 } }, /^tuning has no option 'bugdet'; did you mean budget\?$/],
  'a store without functions': [{ tuning: { store: {} } }, /^The store of tuning has no read and write;/],
  'an unknown option of stopping': [
    { stopping: { patients: 5 } },
    /^stopping has no option 'patients'; did you mean patience\?$/,
  ],
  'an unknown option of profile': [{ profile: { keeps: 5 } }, /^profile has no option 'keeps'; did you mean keep\?$/],
};

/** Options that the types forbid, as a program without types could give them. */
const untyped = (change: object): TrainerOptions => Object.assign({ ...options }, change);

async function refused(use: (device: Device) => unknown): Promise<UnderglassError> {
  const device = await openTestDevice();
  const made: string[] = [];
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (...args) => {
    made.push(args[0]);
    return createBuffer(...args);
  };
  try {
    await use(device);
  } catch (error) {
    if (!(error instanceof UnderglassError)) throw error;
    expect(made).toEqual([]);
    return error;
  } finally {
    device.createBuffer = createBuffer;
  }
  return expect.fail('this was to be refused');
}

describe('Trainer.create', () => {
  describe.each(['train', 'valid', 'test'] as const)('refuses in splits.%s', (split) => {
    test.each(Object.entries(WRONG_DATA))('%s', async (_, [change, sentence]) => {
      const wrong = { ...splits.train, ...change };
      const { code, message } = await refused((device) =>
        Trainer.create(device, untyped({ splits: { ...splits, [split]: wrong } })),
      );
      expect(code).toBe('data');
      expect(message).toMatch(new RegExp(`^splits\\.${split}: ${sentence.source}`));
    });
  });

  test.each(Object.entries(WRONG_OPTIONS))('refuses %s', async (_, [change, sentence]) => {
    const { message } = await refused((device) => Trainer.create(device, untyped(change)));
    expect(message).toMatch(sentence);
  });

  test('refuses what is no device, and no options', async () => {
    const untypedTrainer: { create(...given: unknown[]): unknown } = Trainer;
    const { message } = await refused(() => untypedTrainer.create(undefined, options));
    expect(message).toBe('The device is undefined; open one with Device.open(navigator.gpu).');
    const { message: other } = await refused((device) => untypedTrainer.create(device));
    expect(other).toMatch(/^Trainer\.create takes an object of options, not undefined;/);
  });
});

test('a sweep refuses the same, and names the configuration', async () => {
  const swept =
    (change: object, one: object = {}) =>
    (device: Device) => {
      const configurations = [{ network, optimiser, seed }, Object.assign({ network, optimiser, seed }, one)];
      return sweep(device, Object.assign({ configurations, splits, batch: 10, epochs: 2 }, change)).next();
    };
  const told = async (...changes: Parameters<typeof swept>) => (await refused(swept(...changes))).message;
  expect(await told({ configurations: [] })).toMatch(/needs at least one configuration/);
  expect(await told({ epoch: 2 })).toBe("sweep has no option 'epoch'; did you mean epochs?");
  expect(await told({ epochs: 0 })).toMatch(/^The number of epochs of a sweep is 0/);
  expect(await told({ splits: { ...splits, test: { ...splits.test, ...features(0, Number.NaN) } } })).toMatch(
    /^splits\.test: /,
  );
  expect(await told({}, WRONG_OPTIONS['layers that do not chain']![0])).toMatch(
    /^configurations\[1\]: dense2 takes 6 inputs/,
  );
  expect(await told({}, WRONG_OPTIONS['a rate beyond float32']![0])).toMatch(
    /^configurations\[1\]: The learning rate is 1e\+39/,
  );
  expect(await told({}, { lr: 3 })).toMatch(/^configurations\[1\]: a configuration has no option 'lr'/);
});

test('a gradient check refuses the same', async () => {
  const told = async (change: object, data: object = {}) =>
    (await refused((device) => gradientCheck(network, Object.assign({ ...splits.train }, data), { device, ...change })))
      .message;
  expect(await told({}, features(0, Number.NaN))).toMatch(/^train: row 0, column 0 is NaN/);
  expect(await told({}, labels(plain))).toMatch(/^train: the labels are an Array/);
  expect(await told({ rows: 0 })).toMatch(/^The number of rows to check is 0/);
  expect(await told({ tolerance: '1e-4' })).toMatch(/^The tolerance is '1e-4'/);
  expect(await told({ tolerence: 1 })).toBe("gradientCheck has no option 'tolerence'; did you mean tolerance?");
});

test('a run refuses lengths and options that make no sense, and can be run afterwards', async () => {
  const trainer = await Trainer.create(await openTestDevice(), options);
  const told = async (run: object) =>
    (await refused(() => trainer.run(Object.assign({ epochs: 1 }, run)).next())).message;
  expect(await told({ every: 0 })).toMatch(/\(every\) is 0, not a whole number of at least 1/);
  expect(await told({ every: Number.NaN })).toMatch(/\(every\) is NaN/);
  expect(await told({ epochs: '3' })).toMatch(/^The number of epochs to run is '3'/);
  expect(await told({ evry: 1 })).toBe("run has no option 'evry'; did you mean every?");
  expect(await told({ signal: 1 })).toBe('The signal is 1; give that of an AbortController.');
  expect(trainer.step).toBe(0);
  expect((await trainer.run({ epochs: 1 }).next()).value?.epoch).toBe(0);
  trainer.dispose();
});

test('looking at a network refuses data, parameters and labels that do not fit it', async () => {
  const trainer = await Trainer.create(await openTestDevice(), options);
  const parameters = await trainer.parameters();
  trainer.dispose();
  const told = async (use: () => unknown) => (await refused(use)).message;
  const data = splits.valid;
  expect(
    await told(() => predict(network, parameters, { ...data, features: data.features.with(9, Infinity) })),
  ).toMatch(/^valid: row 1, column 0 is Infinity/);
  expect(await told(() => predict(network, parameters, dataset('narrow', 3, 8, 4, 1)))).toMatch(
    /^narrow has 8 columns/,
  );
  expect(await told(() => predict(network, parameters.slice(1), data))).toMatch(/^the parameters are of 2 layers/);
  expect(await told(() => predict(denseNetwork([9, 6, 5, 4]), parameters, data))).toMatch(
    /^the parameters have 63 numbers as dense1\.w, but the network is 9-6-5-4/,
  );
  expect(await told(() => readImage(network, parameters, new Float32Array(9).fill(Number.NaN)))).toMatch(
    /^pixel 0 of the/,
  );
  const predictions = predict(network, parameters, data);
  for (const look of [confusionMatrix, (...args: Parameters<typeof confusionMatrix>) => worstMistakes(...args, 5)]) {
    expect(await told(() => look(predictions, data.labels.with(2, 4)))).toMatch(/^labels: row 2 has label 4/);
    expect(await told(() => look(predictions, data.labels.slice(1)))).toMatch(/^9 labels do not match 10 rows/);
  }
});
