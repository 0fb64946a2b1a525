// Reads NumPy's array files (.npy): versions 1 and 2, little-endian, C order, four element types.
//
// Layout: the magic '\x93NUMPY', two version bytes, the header's length (u16 in version 1, u32 in version 2), a header
// that is a Python dictionary in text, then the bare elements. Source: numpy.lib.format.

import { UnderglassError } from '../base/errors';

/** The typed arrays that a file can become. */
export type NpyData = Uint8Array | Uint32Array | Float32Array | Float64Array;

/** An array as stored: its shape, and its elements in row-major order. */
export interface NpyArray {
  /** Empty for a single number. */
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

const ELEMENTS: Readonly<Record<string, (buffer: ArrayBuffer) => NpyData>> = {
  '|u1': (buffer) => new Uint8Array(buffer),
  '<u4': (buffer) => new Uint32Array(buffer),
  '<f4': (buffer) => new Float32Array(buffer),
  '<f8': (buffer) => new Float64Array(buffer),
};
const ELEMENT_BYTES: Readonly<Record<string, number>> = { '|u1': 1, '<u4': 4, '<f4': 4, '<f8': 8 };

/**
 * The array in an .npy file: uint8, uint32, float32 or float64, little-endian and in C order.
 *
 * The elements are copied, so `bytes` may be changed or freed afterwards. Bytes after the last element are ignored, as
 * NumPy ignores them.
 *
 * @throws UnderglassError 'data' if the file is cut short, is not an .npy file, or holds another type or order
 */
export function parseNpy(bytes: ArrayBuffer | Uint8Array): NpyArray {
  const file = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  if (MAGIC.some((byte, i) => i < file.length && file[i] !== byte) || file.length === 0) {
    throw dataError(`does not start with NumPy's magic; give a file written by numpy.save`);
  }
  if (file.length < 10) throw truncated(file.length, 10);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = view.getUint8(6);
  if (version !== 1 && version !== 2) {
    throw dataError(`has format version ${version}, but only 1 and 2 are read; save it again with numpy.save`);
  }
  const headerStart = version === 1 ? 10 : 12;
  if (file.length < headerStart) throw truncated(file.length, headerStart);
  const dataStart = headerStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (file.length < dataStart) throw truncated(file.length, dataStart);

  const header = new TextDecoder('latin1').decode(file.subarray(headerStart, dataStart));
  const { descr, shape } = parseHeader(header);
  const create = ELEMENTS[descr];
  const elementBytes = ELEMENT_BYTES[descr];
  if (create === undefined || elementBytes === undefined) {
    throw dataError(
      `holds elements of type '${descr}', but only ${Object.keys(ELEMENTS).join(', ')} are read; ` +
        `convert them first, for example with array.astype('<f4')`,
    );
  }
  const dataEnd = dataStart + shape.reduce((product, n) => product * n, 1) * elementBytes;
  if (file.length < dataEnd) throw truncated(file.length, dataEnd);
  // A copy, because a typed array must start at a multiple of its element size.
  return { shape, data: create(new Uint8Array(file.subarray(dataStart, dataEnd)).buffer) };
}

function parseHeader(header: string): { descr: string; shape: number[] } {
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(header);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(header);
  const shape = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(header);
  if (!descr || !order || !shape) {
    throw dataError(
      `has the header ${JSON.stringify(header.trim().slice(0, 120))}, which lacks descr, fortran_order or shape`,
    );
  }
  if (descr[2] !== undefined) throw dataError('holds records of several fields; save one plain array instead');
  if (order[1] === 'True') {
    throw dataError('is stored in Fortran order; save numpy.ascontiguousarray(array) instead');
  }
  const sizes = shape[1]!.split(',').filter((size) => size.trim() !== '');
  return { descr: descr[1]!, shape: sizes.map((size) => Number.parseInt(size, 10)) };
}

function truncated(length: number, needed: number): UnderglassError {
  return dataError(`ends after ${length} bytes, but needs at least ${needed}; fetch or copy it again`);
}

function dataError(message: string): UnderglassError {
  return new UnderglassError('data', `The .npy file ${message}.`);
}
