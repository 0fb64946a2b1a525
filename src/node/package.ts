// The installed package: its folder and its version.
//
// The same code runs from `src/cli/`, from `dist/lib/` and from a test's own build, so the folder is looked for.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnderglassError } from '../base/errors';

const NAME = 'underglass';

/** The path of a file of the package, from the package's own folder: `public/data/digits.npy`. */
export function packageFile(path: string): string {
  return join(find().folder, path);
}

/** The version in the package's manifest. */
export function packageVersion(): string {
  return find().version;
}

function find(): { readonly folder: string; readonly version: string } {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const manifest: { name?: string; version?: string } = JSON.parse(readFileSync(file, 'utf8'));
      if (manifest.name === NAME) return { folder, version: manifest.version ?? '' };
    }
    if (folder === dirname(folder)) {
      throw new UnderglassError('io', `${start} lies in no folder of the package ${NAME}; install it again.`);
    }
  }
}
