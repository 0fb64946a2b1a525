// What the page accepts as settings, from a field or from a link.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_LAYERS, readOnPage, WIDEST_LAYER } from '../../../src/app/model/limits';
import { readLink, writeLink } from '../../../src/app/model/link';
import { parametersOf, stepsAnEpoch } from '../../../src/experiment/build';
import { presets } from '../../../src/experiment/presets';
import { differences, SETTING_NAMES, textsOf, TUTORIAL } from '../../../src/experiment/read';
import { partNames } from '../../../src/nn/part';
import { anyTexts } from '../../support/any-texts';

const settingsOf = (texts: Parameters<typeof readOnPage>[0]) => readOnPage(texts).settings;

describe('a link', () => {
  test('means the settings that it was written for', () => {
    fc.assert(
      fc.property(anyTexts, (texts) => {
        const wanted = settingsOf(texts);
        expect(readLink(writeLink(wanted))).toEqual({ settings: wanted, notes: {}, unknown: [] });
      }),
    );
  });

  test('of the tutorial is the bare page; of another run it names what differs, as the command line does', () => {
    expect(writeLink(TUTORIAL)).toBe('');
    expect(writeLink(settingsOf({ layers: '100, 50', lr: '.05', batch: '32' }))).toBe(
      '?layers=100,50&lr=0.05&batch=32',
    );
    expect(writeLink({ ...TUTORIAL, layers: [] })).toBe('?layers=none');
    const query = '?layers=128:relu,64:tanh&optimiser=adam&schedule=cosine&warmup=5';
    const { settings } = readLink(query);
    expect(writeLink(settings)).toBe(query);
    expect(settings).toMatchObject({ optimiser: 'adam', lr: 0.001, schedule: 'cosine', warmup: 5 });
  });

  test('that is wild gives complete, good settings, whatever it says', () => {
    const parameter = fc.constantFrom(...SETTING_NAMES, '__proto__', 'constructor');
    fc.assert(
      fc.property(fc.array(fc.tuple(parameter, fc.string({ unit: 'binary' })), { maxLength: 12 }), (pairs) => {
        const { settings, notes } = readLink(`?${new URLSearchParams(pairs).toString()}`);
        expect(readOnPage(textsOf(settings))).toEqual({ settings, faults: {}, idle: [] });
        for (const note of Object.values(notes)) {
          expect(note.length).toBeLessThan(300);
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
    } = readLink('?lr=-1&layers=10000&epochs=1e99&seed=0x10&batch=&beta1=0.5&b=2&c=3&d=4');
    expect(taken).toEqual(TUTORIAL);
    expect(notes).toEqual({
      lr: 'In the link: lr is "-1"; use a number above 0, such as 0.2. This page takes 0.2.',
      layers: 'In the link: A layer of 10,000 is too wide; this page trains up to 4,096. This page takes 48, 32.',
      epochs: 'In the link: epochs is "1e99"; use a whole number of at least 0. This page takes 1000.',
      seed: 'In the link: seed is "0x10"; use a whole number from 0 to 4294967295. This page takes 0.',
      batch:
        'In the link: batch is ""; use full, or a whole number from 1 to 721, the rows of the training set. This page takes full.',
    });
    expect(unknown).toEqual(['"beta1"', '"b"', '"c"', 'others']);
  });

  test('repeats of a long or hostile text only its beginning, without control characters', () => {
    const { notes } = readLink(`?output=${encodeURIComponent(`<img onerror=\u0000alert(1)>${'x'.repeat(1e5)}`)}`);
    expect(notes['output']).toContain('"<img onerror= alert(1)>xxxxxxxxxxxxxxxxx…"; use linear');
  });
});

describe('a field', () => {
  test.each([
    ['lr', '0'],
    ['lr', '1e-60'],
    ['lr', '1e7'],
    ['lr', 'Infinity'],
    ['lr', 'NaN'],
    ['momentum', '1'],
    ['momentum', '0.99999999999'],
    ['momentum', '-0.1'],
    ['l2', '1e300'],
    ['batch', '0'],
    ['batch', '722'],
    ['batch', '1.5'],
    ['epochs', '0'],
    ['epochs', '100001'],
    ['seed', '4294967296'],
    ['output', 'rel'],
    ['data', 'mnist'],
    ['program', ''],
    ['layers', '48,-3'],
    ['layers', '48;32'],
    ['layers', '0'],
    ['layers', '1e3.5'],
    ['layers', `${WIDEST_LAYER + 1}`],
    ['layers', Array.from({ length: MOST_LAYERS + 1 }, () => '4').join()],
    ['layers', '4096,4096,4096'],
  ])('%s refuses %j in a sentence', (name, text) => {
    expect(readOnPage({ [name]: text }).faults[name]).toMatch(/^["A-Z\d].*[.?]$/u);
  });

  test('tells where float32 is what makes a number too small', () => {
    expect(readOnPage({ lr: '1e-60' }).faults).toEqual({
      lr: 'Learning rate α is "1e-60", 0 in the GPU\'s float32; use a number above 0, such as 0.2.',
    });
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
  const all = partNames(presets).map((name) => readOnPage(presets[name].texts));
  for (const [i, { settings, faults, idle }] of all.entries()) {
    expect({ faults, idle }).toEqual({ faults: {}, idle: [] });
    expect(readLink(writeLink(settings))).toEqual({ settings, notes: {}, unknown: [] });
    for (const other of all.slice(i + 1)) expect(differences(settings, other.settings).length).toBeGreaterThan(0);
  }
});
