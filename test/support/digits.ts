// The digits for tests, in Node and in a browser alike.

import type { Dataset } from '../../src/data/dataset';
import { parseDigits } from '../../src/data/digits';

/** The bytes of `public/data/digits.npy`. */
export async function loadDigitsBytes(): Promise<Uint8Array> {
  if (typeof document !== 'undefined') {
    const response = await fetch('/data/digits.npy');
    if (!response.ok) throw new Error(`/data/digits.npy: ${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  }
  const { readFile } = await import('node:fs/promises');
  // Not a literal inside `new URL`: Vite would take it for an asset to bundle.
  const path = '../../public/data/digits.npy';
  return new Uint8Array(await readFile(new URL(path, import.meta.url))); // a Buffer's slice would share memory
}

let digits: Promise<Dataset> | undefined;

/** The 1797 digits; read once. */
export function loadDigits(): Promise<Dataset> {
  digits ??= loadDigitsBytes().then(parseDigits);
  return digits;
}
