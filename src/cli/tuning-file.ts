// What was measured on this machine, remembered in files of the user's cache folder: variants that tuning chose, and ceilings.

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TuningStore } from '../index';
import { cachePath } from '../node/cache';
import { packageVersion } from '../node/package';

/** Another version of Dawn or of the kernels compiles to other code, so its choices are ignored. */
interface Contents {
  /** `underglass tuning` or `underglass ceilings`. */
  readonly format: string;
  readonly version: string;
  readonly choices: Readonly<Record<string, string>>;
}

/** Choices read from the file, and those made since. */
export interface TuningFile extends TuningStore {
  readonly path: string;
  /** One sentence where a file was there but is ignored. */
  readonly notice: string | undefined;
  /** Writes the file if there is something new; gives one sentence where it cannot be written. */
  readonly save: () => Promise<string | undefined>;
}

/** What a file remembers. */
type Remembered = 'tuning' | 'ceilings';

/** Opens the file of tuning; without one, or with one that does not fit, begins with no choices. */
export function openTuningFile(path: string = cachePath('tuning.json')): Promise<TuningFile> {
  return openFile(path, 'tuning');
}

/** Opens the file of ceilings, which is like that of tuning. */
export function openCeilingsFile(path: string = cachePath('ceilings.json')): Promise<TuningFile> {
  return openFile(path, 'ceilings');
}

async function openFile(path: string, what: Remembered): Promise<TuningFile> {
  const version = `${packageVersion()} on Node ${process.versions.node}`;
  const { choices, notice } = await load(path, what, version);
  const made = new Map<string, string>();
  return {
    path,
    notice,
    read: (key) => made.get(key) ?? choices[key],
    write: (key, variant) => void made.set(key, variant),
    save: async () => {
      if (made.size === 0) return undefined;
      const contents: Contents = {
        format: formatOf(what),
        version,
        // Another process may have saved meanwhile.
        choices: { ...(await load(path, what, version)).choices, ...Object.fromEntries(made) },
      };
      return write(path, what, JSON.stringify(contents, undefined, 1));
    },
  };
}

const formatOf = (what: Remembered): string => `underglass ${what}`;

async function load(
  path: string,
  what: Remembered,
  version: string,
): Promise<{ choices: Contents['choices']; notice?: string }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return { choices: {} };
  }
  const ignored = (why: string) => ({ choices: {}, notice: `The ${what} file ${path} is ignored: ${why}.` });
  let contents: unknown;
  try {
    contents = JSON.parse(text);
  } catch {
    return ignored('it is no whole JSON');
  }
  if (!isContents(contents, what)) return ignored('it is not what Underglass writes');
  if (contents.version !== version) return ignored(`it is of version ${contents.version}, this is ${version}`);
  return { choices: contents.choices };
}

function isContents(value: unknown, what: Remembered): value is Contents {
  if (typeof value !== 'object' || value === null) return false;
  if (!('format' in value && 'version' in value && 'choices' in value)) return false;
  const { format, version, choices } = value;
  return (
    format === formatOf(what) &&
    typeof version === 'string' &&
    typeof choices === 'object' &&
    choices !== null &&
    Object.values(choices).every((variant) => typeof variant === 'string')
  );
}

/** Whole or not at all. */
async function write(path: string, what: Remembered, text: string): Promise<string | undefined> {
  const unfinished = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(unfinished, text);
    await rename(unfinished, path);
    return undefined;
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    return `The ${what} could not be remembered in ${path} (${reason}).`;
  }
}
