// The element types of NumPy's array files: how each becomes a typed array, and advice for those that cannot.

import { UnderglassError } from '../base/errors';

/** The typed arrays that a file can become. */
export type NpyData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** How elements of one type are read. */
export interface ElementType {
  /** Bytes an element. */
  readonly bytes: number;
  /** Typed elements of little-endian bytes, which it may keep. */
  readonly read: (bytes: ArrayBuffer) => NpyData;
}

/** By kind and bytes, as in NumPy's type strings after the byte order. */
const TYPES: Readonly<Record<string, (bytes: ArrayBuffer) => NpyData>> = {
  b1: (bytes) => new Uint8Array(bytes).map((value) => Number(value !== 0)),
  u1: (bytes) => new Uint8Array(bytes),
  i1: (bytes) => new Int8Array(bytes),
  u2: (bytes) => new Uint16Array(bytes),
  i2: (bytes) => new Int16Array(bytes),
  u4: (bytes) => new Uint32Array(bytes),
  i4: (bytes) => new Int32Array(bytes),
  u8: (bytes) => exactNumbers(new BigUint64Array(bytes)),
  i8: (bytes) => exactNumbers(new BigInt64Array(bytes)),
  f2: (bytes) => Float32Array.from(new Uint16Array(bytes), halfToNumber),
  f4: (bytes) => new Float32Array(bytes),
  f8: (bytes) => new Float64Array(bytes),
};

/** By kind: what elements that cannot be read are, and how to turn them into numbers. */
const ADVICE: Readonly<Record<string, string>> = {
  O: "Python objects, which only Python can read; convert them to numbers first, such as array.astype('float32')",
  c: 'complex numbers; save array.real and array.imag, or abs(array), instead',
  S: 'text; number the labels first, such as numpy.unique(array, return_inverse=True)[1]',
  U: 'text; number the labels first, such as numpy.unique(array, return_inverse=True)[1]',
  M: "dates; convert them to numbers first, such as (array - array.min()) / numpy.timedelta64(1, 's')",
  m: "durations; convert them to numbers first, such as array / numpy.timedelta64(1, 's')",
  V: 'records or raw bytes; save one field as a plain array instead',
};

/**
 * The element type that a type string such as `<f4` stands for.
 *
 * @throws UnderglassError 'data' with advice, for what is no real number of a known size
 */
export function elementType(descr: string): ElementType & { readonly isBigEndian: boolean } {
  const [, order, kind = '', bytes = ''] = /^([<>|])([A-Za-z])(\d*)/.exec(descr) ?? [];
  const read = TYPES[kind + bytes];
  // Only single bytes have no order.
  if (read && (order !== '|' || bytes === '1')) return { bytes: Number(bytes), read, isBigEndian: order === '>' };
  const what = ADVICE[kind] ?? "which are not read; convert them first, such as array.astype('float32')";
  throw npyError(`holds elements of type '${descr}', ${what}`);
}

/** Reverses the bytes of each element in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}

/** Up to here every whole number is a float64. */
const MOST_EXACT = 2n ** 53n;

function exactNumbers(values: BigInt64Array | BigUint64Array): Float64Array {
  const numbers = new Float64Array(values.length);
  for (const [i, value] of values.entries()) {
    if (value > MOST_EXACT || value < -MOST_EXACT) {
      throw npyError(
        `has ${value} as element ${i}, beyond 2^53, where float64 no longer holds every whole number; ` +
          "save smaller numbers, or array.astype('float64') if their last digits do not matter",
      );
    }
    numbers[i] = Number(value);
  }
  return numbers;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** @param message goes on after `The .npy file`, without its full stop */
export function npyError(message: string): UnderglassError {
  return new UnderglassError('data', `The .npy file ${message}.`);
}
