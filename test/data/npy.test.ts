import { describe, expect, test } from 'vitest';
import { parseNpy } from '../../src/data/npy';
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

describe('an .npy file is read', () => {
  test.each([
    [`'|u1'`, Uint8Array.of(0, 16, 255, 1, 2, 3)],
    [`'<u4'`, Uint32Array.of(0, 1, 2, 3, 4, 0xffffffff)],
    [`'<f4'`, FLOATS],
    [`'<f8'`, Float64Array.of(0.1, -1e-300, 3, 4, 5, 6)],
  ])('with elements %s', (descr, data) => {
    expect(parseNpy(npyFile(header(descr, '(2, 3)'), data))).toEqual({ shape: [2, 3], data });
  });

  test('in version 2, from an ArrayBuffer, and from the middle of a buffer', () => {
    const file = npyFile(header(`'<f4'`, '(6,)'), FLOATS, 2);
    expect(parseNpy(file.buffer)).toEqual({ shape: [6], data: FLOATS });
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(parseNpy(shifted.subarray(3))).toEqual({ shape: [6], data: FLOATS });
  });

  test('as a single number', () => {
    expect(parseNpy(npyFile(header(`'<f8'`, '()'), Float64Array.of(7)))).toEqual({
      shape: [],
      data: Float64Array.of(7),
    });
  });

  test('into memory of its own', () => {
    const file = npyFile(header(`'|u1'`, '(2,)'), Uint8Array.of(1, 2));
    const { data } = parseNpy(file);
    file.fill(0);
    expect(Array.from(data)).toEqual([1, 2]);
  });
});

describe('what cannot be read is named', () => {
  const good = npyFile(header(`'<f4'`, '(2, 3)'), FLOATS);

  test('a file cut short, at any byte', () => {
    for (let length = 1; length < good.length; length++) {
      expectError(() => parseNpy(good.slice(0, length)), 'data', new RegExp(`ends after ${length} bytes`));
    }
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(), /does not start with NumPy's magic/],
    ['another kind of file', new TextEncoder().encode('<!doctype html>'), /does not start with NumPy's magic/],
    ['a newer version', npyFile(header(`'<f4'`, '(6,)'), FLOATS, 3), /format version 3/],
    ['Fortran order', npyFile(header(`'<f4'`, '(2, 3)', 'True'), FLOATS), /Fortran order/],
    ['big-endian numbers', npyFile(header(`'>f4'`, '(6,)'), FLOATS), /type '>f4', but only .*'<f4'/],
    ['64-bit integers', npyFile(header(`'<i8'`, '(3,)'), FLOATS), /type '<i8'/],
    ['records', npyFile(header(`[('a', '<f4')]`, '(6,)'), FLOATS), /records/],
    ['a header without a shape', npyFile(`{'descr': '<f4', 'fortran_order': False}`, FLOATS), /lacks descr/],
  ])('%s', (_, file, message) => {
    expectError(() => parseNpy(file), 'data', message);
  });
});
