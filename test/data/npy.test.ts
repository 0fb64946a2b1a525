// NumPy's array files: read as NumPy reads them, and refused in one sentence where they cannot be.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnderglassError } from '../../src/base/errors';
import { parseNpy } from '../../src/data/npy';
import golden from '../golden/npy.json';
import { expectError } from '../support/errors';

/** A file as numpy.lib.format describes it: header padded with spaces to a multiple of 64, newline last. */
function npyFile(text: string, data: ArrayBufferView, version = 1): Uint8Array<ArrayBuffer> {
  const start = version === 1 ? 10 : 12;
  const end = Math.ceil((start + text.length + 1) / 64) * 64;
  const file = new Uint8Array(end + data.byteLength);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0]);
  const view = new DataView(file.buffer);
  if (version === 1) view.setUint16(8, end - start, true);
  else view.setUint32(8, end - start, true);
  file.set(new TextEncoder().encode(`${text.padEnd(end - start - 1)}\n`), start);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), end);
  return file;
}

function header(descr: string, shape: string, order = 'False'): string {
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
}

const FLOATS = Float32Array.of(1, -2.5, 3e30, 0, 5, 6);

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** What each element type becomes. */
const BECOMES: Readonly<Record<string, string>> = {
  b1: 'Uint8Array',
  u1: 'Uint8Array',
  i1: 'Int8Array',
  u2: 'Uint16Array',
  i2: 'Int16Array',
  u4: 'Uint32Array',
  i4: 'Int32Array',
  u8: 'Float64Array',
  i8: 'Float64Array',
  f2: 'Float32Array',
  f4: 'Float32Array',
  f8: 'Float64Array',
};

describe('a file that NumPy wrote is read', () => {
  test.each(golden.read)('$type $shape', ({ type, shape, file, values }) => {
    const array = parseNpy(bytesOf(file));
    expect(array.shape).toEqual(shape);
    expect(array.data.constructor.name).toBe(BECOMES[type.slice(1)]);
    expect(Array.from(array.data)).toEqual(Array.from(new Float64Array(bytesOf(values).buffer)));
  });

  test('from an ArrayBuffer, and from the middle of a buffer', () => {
    const file = npyFile(header(`'<f4'`, '(6,)'), FLOATS);
    expect(parseNpy(file.buffer)).toEqual({ shape: [6], data: FLOATS });
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(parseNpy(shifted.subarray(3))).toEqual({ shape: [6], data: FLOATS });
  });

  test('into memory of its own', () => {
    const file = npyFile(header(`'>u2'`, '(2,)'), Uint8Array.of(0, 1, 1, 0));
    const before = file.slice();
    const { data } = parseNpy(file);
    expect(file).toEqual(before);
    file.fill(0);
    expect(Array.from(data)).toEqual([1, 256]);
  });

  test('with the keys in any order, in either quotes, and with the L of Python 2', () => {
    const text = `{ "shape": (2L, 3L), "descr": "<f4", "fortran_order": False }`;
    expect(parseNpy(npyFile(text, FLOATS))).toEqual({ shape: [2, 3], data: FLOATS });
  });

  test('in version 3, whose header is UTF-8', () => {
    expect(parseNpy(npyFile(header(`'<f4'`, '(6,)'), FLOATS, 3))).toEqual({ shape: [6], data: FLOATS });
  });
});

describe('what NumPy wrote but no array of numbers can hold is refused with advice that fits', () => {
  const advice: Readonly<Record<string, RegExp>> = {
    '2^53 + 1': /has 9007199254740993 as element 1, beyond 2\^53.*astype\('float64'\)/,
    '-2^53 - 1': /has -9007199254740993 as element 0/,
    '2^64 - 1': /has 18446744073709551615 as element 0/,
    complex: /complex numbers; save array\.real/,
    objects: /Python objects.*convert them to numbers/,
    bytes: /text; number the labels/,
    text: /text; number the labels/,
    dates: /dates;.*timedelta64/,
    durations: /durations;.*timedelta64/,
    records: /records of several fields; save one field/,
    'raw bytes': /raw bytes; save one field/,
    'long doubles': /type '<f16'.*astype\('float32'\)/,
    archive: /\.npz archive.*numpy\.save/,
    pickle: /pickle.*numpy\.save/,
  };

  test.each(golden.refused)('$name', ({ name, file }) => {
    expectError(() => parseNpy(bytesOf(file)), 'data', advice[name]!);
  });
});

describe('what cannot be read is named', () => {
  const good = npyFile(header(`'<f4'`, '(2, 3)'), FLOATS);

  test('a file cut short, at any byte', () => {
    for (let length = 1; length < good.length; length++) {
      expectError(() => parseNpy(good.slice(0, length)), 'data', new RegExp(`ends after ${length} bytes`));
    }
  });

  /** Version 2 whose header is told to be as long as a u32 can tell. */
  const endless = npyFile(header(`'<f4'`, '(6,)'), FLOATS, 2);
  new DataView(endless.buffer).setUint32(8, 0xffffffff, true);

  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(), /does not start with NumPy's magic/],
    ['another kind of file', new TextEncoder().encode('<!doctype html>'), /does not start with NumPy's magic/],
    ['a compressed file', Uint8Array.of(0x1f, 0x8b, 8, 0), /compressed/],
    ['version 0', npyFile(header(`'<f4'`, '(6,)'), FLOATS, 0), /format version 0/],
    ['a newer version', npyFile(header(`'<f4'`, '(6,)'), FLOATS, 4), /format version 4/],
    ['a header longer than the file', endless, /ends after \d+ bytes, but needs at least 4294967307/],
    ['more elements than the file has', npyFile(header(`'<f4'`, '(2147483648,)'), FLOATS), /needs at least 8589934/],
    ['more elements than a number can count', npyFile(header(`'|u1'`, '(4294967296, 4294967296)'), FLOATS), /no file/],
    ['an endless size', npyFile(header(`'<f4'`, `(${'9'.repeat(40)},)`), FLOATS), /header/],
    ['a negative size', npyFile(header(`'<f4'`, '(-6,)'), FLOATS), /header/],
    ['a fractional size', npyFile(header(`'<f4'`, '(1.5,)'), FLOATS), /header/],
    ['two sizes without a comma', npyFile(header(`'<f4'`, '(2 3)'), FLOATS), /header/],
    ['65 dimensions', npyFile(header(`'<f4'`, `(${'1, '.repeat(65)})`), FLOATS), /65 dimensions/],
    ['an order that is none', npyFile(header(`'=f4'`, '(6,)'), FLOATS), /type '=f4'/],
    ['a size that is none', npyFile(header(`'<f3'`, '(6,)'), FLOATS), /type '<f3'/],
    ['bytes in no order', npyFile(header(`'|f4'`, '(6,)'), FLOATS), /type '\|f4'/],
    ['a header without a shape', npyFile(`{'descr': '<f4', 'fortran_order': False}`, FLOATS), /shape/],
    ['a header with something more', npyFile(`${header(`'<f4'`, '(6,)')} + 1`, FLOATS), /header/],
    ['a type of several lines', npyFile(header(`'<f4\n'`, '(6,)'), FLOATS), /header/],
    ['a program in place of a header', npyFile(`__import__('os')`, FLOATS), /header/],
  ])('%s', (_, file, message) => {
    expectError(() => parseNpy(file), 'data', message);
  });

  test('a shape of 2^40 elements, before anything is allocated for it', () => {
    const shape = `(${Array.from({ length: 40 }, () => 2).join(', ')})`;
    expectError(() => parseNpy(npyFile(header(`'|u1'`, shape), FLOATS)), 'data', /needs at least 1099511/);
  });
});

describe('any file', () => {
  const files = golden.read.map(({ file }) => bytesOf(file));

  /** The array, or the one sentence that refuses the file; anything else fails. */
  function parsed(file: Uint8Array): string | number {
    try {
      const { shape, data } = parseNpy(file);
      expect(data).toHaveLength(shape.reduce((product, size) => product * size, 1));
      return data.length;
    } catch (error) {
      if (!(error instanceof UnderglassError)) throw error;
      expect(error.code).toBe('data');
      expect(error.message).toMatch(/^The \.npy file [^\n]+\.$/);
      return error.message;
    }
  }

  test('that was good before some bytes changed gives an array of its shape or one sentence', () => {
    const changes = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...files), changes, fc.nat(64), (file, places, cut) => {
        const changed = file.slice(0, file.length - (cut > 32 ? cut - 32 : 0));
        for (const [place, byte] of places) changed[place % changed.length] = byte;
        parsed(changed);
      }),
      { numRuns: 2000 },
    );
  });

  test('whose header holds parts of headers in any order gives an array of its shape or one sentence', () => {
    const part = fc.constantFrom(
      '{',
      '}',
      `'descr'`,
      `'shape'`,
      `"fortran_order"`,
      ': ',
      ', ',
      `'<f4'`,
      `'|O'`,
      'True',
      '(',
      ')',
      '3',
      '[',
      `\\`,
      '\n',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 24 }), (parts) => {
        parsed(npyFile(parts.join(''), FLOATS));
      }),
    );
  });

  test('that NumPy would write from float32 comes back bit for bit, in either byte and element order', () => {
    const size = fc.nat(4);
    fc.assert(
      fc.property(
        fc.array(size, { maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(),
        (shape, isBig, isFortran, seed) => {
          const count = shape.reduce((product, n) => product * n, 1);
          // By index: the element at (i, j, ...) in row-major order is at place + seed.
          const values = Float32Array.from({ length: count }, (_, i) => i + (seed % 1000));
          const stored = new DataView(new ArrayBuffer(4 * count));
          for (const [place, value] of values.entries()) {
            let [rest, at, stride] = [place, 0, count];
            for (const n of shape.toReversed()) {
              stride /= n;
              at += (rest % n) * stride;
              rest = Math.floor(rest / n);
            }
            stored.setFloat32(4 * (isFortran ? at : place), value, !isBig);
          }
          const text = header(
            isBig ? `'>f4'` : `'<f4'`,
            `(${shape.map((n) => `${n},`).join(' ')})`,
            isFortran ? 'True' : 'False',
          );
          expect(parseNpy(npyFile(text, stored))).toEqual({ shape, data: values });
        },
      ),
    );
  });
});
