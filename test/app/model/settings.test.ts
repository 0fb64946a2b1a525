// What the page accepts as settings, from a field or from a link.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLink, writeLink } from '../../../src/app/model/link';
import {
  differences,
  FIELD_NAMES,
  FIELDS,
  MOST_LAYERS,
  parametersOf,
  PRESETS,
  type Settings,
  stepsAnEpoch,
  TUTORIAL,
  WIDEST_LAYER,
  written,
} from '../../../src/app/model/settings';

const settings: fc.Arbitrary<Settings> = fc.record({
  data: fc.constant('digits' as const),
  layers: fc.array(fc.integer({ min: 1, max: 1024 }), { maxLength: MOST_LAYERS }),
  output: fc.constantFrom('sigmoid' as const, 'linear' as const),
  learningRate: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  momentum: fc.double({ min: 0, max: 0.999, noNaN: true }).map((value) => value + 0),
  l2: fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0),
  batch: fc.oneof(fc.constant('full' as const), fc.integer({ min: 1, max: 721 })),
  epochs: fc.integer({ min: 1, max: 100_000 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  program: fc.constantFrom('fused' as const, 'naive' as const),
});

const problemOf = (name: keyof Settings, text: string) => {
  const parsed = FIELDS[name].parse(text);
  return 'problem' in parsed ? parsed.problem : undefined;
};

describe('a link', () => {
  test('means the settings that it was written for', () => {
    fc.assert(
      fc.property(settings, (wanted) => {
        expect(readLink(writeLink(wanted))).toEqual({ settings: wanted, notes: {}, unknown: [] });
      }),
    );
  });

  test('of the tutorial is the bare page; of another run it names what differs, as the command line does', () => {
    expect(writeLink(TUTORIAL)).toBe('');
    expect(writeLink({ ...TUTORIAL, layers: [100, 50], learningRate: 0.05, batch: 32 })).toBe(
      '?layers=100,50&lr=0.05&batch=32',
    );
    expect(writeLink({ ...TUTORIAL, layers: [] })).toBe('?layers=none');
  });

  test('that is wild gives complete, good settings, whatever it says', () => {
    const parameter = fc.constantFrom(...FIELD_NAMES.map((name) => FIELDS[name].parameter), '__proto__', 'constructor');
    fc.assert(
      fc.property(fc.array(fc.tuple(parameter, fc.string({ unit: 'binary' })), { maxLength: 12 }), (pairs) => {
        const reading = readLink(`?${new URLSearchParams(pairs).toString()}`);
        for (const name of FIELD_NAMES) {
          expect(problemOf(name, written(name, reading.settings))).toBeUndefined();
        }
        for (const note of Object.values(reading.notes)) {
          expect(note.length).toBeLessThan(200);
          expect(note).not.toMatch(/\p{Cc}/u);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('says of each field that it gets wrong what it said and what is taken', () => {
    const {
      settings: taken,
      notes,
      unknown,
    } = readLink('?lr=-1&layers=10000&epochs=1e99&seed=0x10&batch=&a=1&b=2&c=3&d=4');
    expect(taken).toEqual(TUTORIAL);
    expect(notes).toEqual({
      learningRate: 'In the link: “-1” is out of range; use above 0 to 1,000,000. This page takes 0.2.',
      layers: 'In the link: A layer of 10,000 is too wide; this page trains up to 4,096. This page takes 48, 32.',
      epochs: 'In the link: “1e99” is out of range; use 1 to 100,000. This page takes 1000.',
      seed: 'In the link: “0x10” is no whole number; use 0 to 4,294,967,295. This page takes 0.',
      batch: 'In the link: Nothing is no whole number; use 1 to 721, or full. This page takes full.',
    });
    expect(unknown).toEqual(['“a”', '“b”', '“c”', 'others']);
  });

  test('repeats of a long or hostile text only its beginning, without control characters', () => {
    const { notes } = readLink(`?output=${encodeURIComponent(`<img onerror=\u0000alert(1)>${'x'.repeat(1e5)}`)}`);
    expect(notes.output).toContain('“<img onerror= alert(…” is not offered');
  });
});

describe('a field', () => {
  test.each([
    ['learningRate', '0'],
    ['learningRate', '1e-60'],
    ['learningRate', 'Infinity'],
    ['learningRate', 'NaN'],
    ['momentum', '1'],
    ['momentum', '0.99999999999'],
    ['momentum', '-0.1'],
    ['l2', '1e300'],
    ['batch', '0'],
    ['batch', '722'],
    ['batch', '1.5'],
    ['epochs', '0'],
    ['seed', '4294967296'],
    ['output', 'relu'],
    ['data', 'mnist'],
    ['program', ''],
    ['layers', '48,-3'],
    ['layers', '48;32'],
    ['layers', '0'],
    ['layers', '1e3.5'],
    ['layers', `${WIDEST_LAYER + 1}`],
    ['layers', Array.from({ length: MOST_LAYERS + 1 }, () => '4').join()],
    ['layers', '4096,4096,4096'],
  ] as const)('%s refuses %j in a sentence', (name, text) => {
    expect(problemOf(name, text)).toMatch(/^[“A-Z\d].*\.$/u);
  });

  test('tells where float32 is what makes a number too small', () => {
    expect(problemOf('learningRate', '1e-60')).toBe(
      '“1e-60”, in float32 0, is out of range; use above 0 to 1,000,000.',
    );
  });

  test('of layers takes commas, spaces and none', () => {
    for (const [text, value] of [
      ['48,32', [48, 32]],
      [' 48 , 32 ', [48, 32]],
      ['48 32', [48, 32]],
      ['none', []],
      ['', []],
    ] as const) {
      expect(FIELDS.layers.parse(text)).toEqual({ value });
    }
  });
});

test('parameters and steps are counted as the library makes them', () => {
  // 64·48 + 48 + 48·32 + 32 + 32·10 + 10
  expect(parametersOf(TUTORIAL)).toBe(5018);
  // 721 rows in batches of 32: 22 whole ones and one short.
  expect(stepsAnEpoch({ data: 'digits', batch: 32 })).toBe(23);
  expect(stepsAnEpoch(TUTORIAL)).toBe(1);
});

test('presets differ from each other, and every field accepts them', () => {
  for (const [i, { settings: preset }] of PRESETS.entries()) {
    expect(readLink(writeLink(preset))).toEqual({ settings: preset, notes: {}, unknown: [] });
    for (const other of PRESETS.slice(i + 1)) expect(differences(preset, other.settings).length).toBeGreaterThan(0);
  }
});
