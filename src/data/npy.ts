// Reads NumPy's array files (.npy): versions 1 to 3, either byte order, C or Fortran order, real numbers of every size.
//
// Layout: the magic '\x93NUMPY', two version bytes, the header's length (u16 in version 1, else u32), a header that is a
// Python dictionary in text (Latin-1, in version 3 UTF-8), then the bare elements. Source: numpy.lib.format.

import { elementType, type NpyData, npyError, swapBytes } from './npy-elements';

export type { NpyData } from './npy-elements';

/** An array as stored: its shape, and its elements in row-major order. */
export interface NpyArray {
  /** Empty for a single number. */
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** The first bytes of files that are taken for arrays, and what to do with each. */
const OTHER_FILES: readonly (readonly [first: readonly number[], advice: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'is an .npz archive of several arrays; save one of them with numpy.save'],
  [[0x80, 0x02], 'is a pickle, which only Python can read; save a plain array with numpy.save'],
  [[0x80, 0x03], 'is a pickle, which only Python can read; save a plain array with numpy.save'],
  [[0x80, 0x04], 'is a pickle, which only Python can read; save a plain array with numpy.save'],
  [[0x80, 0x05], 'is a pickle, which only Python can read; save a plain array with numpy.save'],
  [[0x1f, 0x8b], 'is compressed; unpack it with gunzip first'],
];

/**
 * The array in an .npy file, as `numpy.save` writes it, in a typed array of its own.
 *
 * Integers of up to 32 bits, float32 and float64 keep their type. Booleans become uint8 (0 or 1), float16 becomes float32,
 * and 64-bit integers, NumPy's default for labels, become float64, which holds them exactly up to 2^53. Big-endian elements
 * and Fortran order are turned round. The elements are copied, so `bytes` may be changed or freed afterwards. Bytes after the
 * last element are ignored, as NumPy ignores them.
 *
 * @param bytes the whole file
 * @throws UnderglassError 'data' if the file is cut short, is no .npy file, holds a whole number beyond 2^53, or anything but
 *   real numbers: complex ones, text, dates, records, Python objects
 */
export function parseNpy(bytes: ArrayBuffer | Uint8Array): NpyArray {
  const file = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  checkMagic(file);
  if (file.length < 10) throw truncated(file.length, 10);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = view.getUint8(6);
  if (version < 1 || version > 3) {
    throw npyError(`has format version ${version}, but only 1 to 3 are read; save it again with numpy.save`);
  }
  const headerStart = version === 1 ? 10 : 12;
  if (file.length < headerStart) throw truncated(file.length, headerStart);
  const dataStart = headerStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (file.length < dataStart) throw truncated(file.length, dataStart);

  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(file.subarray(headerStart, dataStart));
  const { descr, isFortran, shape } = parseHeader(text);
  const { bytes: size, read, isBigEndian } = elementType(descr);
  const dataEnd = dataStart + elementCount(shape) * size;
  if (!Number.isSafeInteger(dataEnd)) {
    throw npyError(`has the shape (${shape.join(', ')}), which no file can hold; save it again with numpy.save`);
  }
  if (file.length < dataEnd) throw truncated(file.length, dataEnd);
  // A copy, because a typed array must start at a multiple of its element size.
  const own = new Uint8Array(file.subarray(dataStart, dataEnd));
  if (isBigEndian) swapBytes(own, size);
  const data = read(own.buffer);
  return { shape, data: isFortran && shape.length > 1 ? toRowMajor(data, shape) : data };
}

function checkMagic(file: Uint8Array): void {
  if (file.length > 0 && MAGIC.every((byte, i) => i >= file.length || file[i] === byte)) return;
  const known = OTHER_FILES.find(([first]) => first.every((byte, i) => file[i] === byte));
  throw npyError(known?.[1] ?? "does not start with NumPy's magic; give a file written by numpy.save");
}

/** What a header says of the elements. */
interface Header {
  readonly descr: string;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
}

/** A key and the start of its value: a string, a truth value, a tuple of sizes, or a list, which means records. */
const ENTRY =
  /\s*(?:'(?<single>\w+)'|"(?<double>\w+)")\s*:\s*(?:'(?<text>[-\w<>|=,[\] ]{0,40})'|"(?<quoted>[-\w<>|=,[\] ]{0,40})"|(?<truth>True|False)|\((?<sizes>[\d\s,L]*)\)|(?<list>\[))\s*(?<end>,\s*\}|,|\})?/y;

/** NumPy's own limit. */
const MOST_DIMENSIONS = 64;

/** Characters of a header that an error repeats. */
const MOST_SHOWN = 120;

function parseHeader(header: string): Header {
  const wrong = () => {
    const shown = JSON.stringify(header.trim().slice(0, MOST_SHOWN));
    return npyError(
      `has the header ${shown}, not one with descr, fortran_order and shape; save it again with numpy.save`,
    );
  };
  const values: { descr?: string; fortran_order?: boolean; shape?: readonly number[] } = {};
  const start = /^\s*\{/.exec(header)?.[0].length;
  if (start === undefined) throw wrong();
  ENTRY.lastIndex = start;
  for (let isOpen = true; isOpen; ) {
    const { single, double, text, quoted, truth, sizes, list, end } = ENTRY.exec(header)?.groups ?? {};
    const key = single ?? double;
    const descr = text ?? quoted;
    if (key === 'descr' && list)
      throw npyError('holds records of several fields; save one field as a plain array instead');
    if (key === 'descr' && descr !== undefined) values.descr = descr;
    else if (key === 'fortran_order' && truth) values.fortran_order = truth === 'True';
    else if (key === 'shape' && sizes !== undefined) values.shape = parseSizes(sizes, wrong);
    else throw wrong();
    if (end === undefined) throw wrong();
    isOpen = end === ',';
  }
  const { descr, fortran_order: isFortran, shape } = values;
  if (descr === undefined || isFortran === undefined || shape === undefined) throw wrong();
  if (header.slice(ENTRY.lastIndex).trim() !== '') throw wrong();
  if (shape.length > MOST_DIMENSIONS) {
    throw npyError(
      `has ${shape.length} dimensions, but NumPy has at most ${MOST_DIMENSIONS}; save it again with numpy.save`,
    );
  }
  return { descr, isFortran, shape };
}

/** Whole numbers with commas between and maybe one at the end; Python 2 wrote an L behind each. */
function parseSizes(text: string, wrong: () => Error): number[] {
  const parts = text.split(',');
  if (parts.at(-1)?.trim() === '') parts.pop();
  return parts.map((part) => {
    const size = /^\s*\d+L?\s*$/.test(part) ? Number.parseInt(part, 10) : Number.NaN;
    if (!Number.isSafeInteger(size)) throw wrong();
    return size;
  });
}

function elementCount(shape: readonly number[]): number {
  // Infinity, where sizes are nonsense, times 0 would be NaN.
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

/** The elements in row-major order, where the first index varies fastest. */
function toRowMajor(data: NpyData, shape: readonly number[]): NpyData {
  const sorted = data.slice();
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  let source = 0;
  for (let place = 0; place < data.length; place++) {
    sorted[place] = data[source]!;
    // Counts on, the last index fastest.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      source -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return sorted;
}

function truncated(length: number, needed: number): Error {
  return npyError(`ends after ${length} bytes, but needs at least ${needed}; fetch or copy it again`);
}
