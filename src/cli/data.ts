// The data sets that the command line knows, by name.

import { readFile } from 'node:fs/promises';
import { type Dataset, parseDigits, UnderglassError } from '../index';
import { packageFile } from '../node/package';
import { because } from './failure';

/** What `--data` takes. */
export const DATA_NAMES = ['digits'] as const;

/** The name of a data set. */
export type DataName = (typeof DATA_NAMES)[number];

const LOADERS: Readonly<Record<DataName, () => Promise<Dataset>>> = {
  digits: async () => parseDigits(new Uint8Array(await read('public/data/digits.npy'))),
};

/**
 * The data set of that name, out of the package.
 *
 * @throws UnderglassError `io` where its file cannot be read, `data` where it is damaged
 */
export async function loadData(name: DataName): Promise<Dataset> {
  return LOADERS[name]();
}

async function read(path: string): Promise<Buffer> {
  const file = packageFile(path);
  try {
    return await readFile(file);
  } catch (error) {
    throw new UnderglassError('io', `${file} cannot be read: ${because(error)}; install Underglass again.`, {
      cause: error,
    });
  }
}
