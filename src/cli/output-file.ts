// Where an option's file goes: it appears whole or not at all, or is standard output.

import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UnderglassError } from '../index';
import { because } from './failure';
import { print } from './standard-output';

/** Writes one text. */
export interface OutputFile {
  write(text: string): Promise<void>;
}

/**
 * Makes sure that the place can be written to, before any work is done for it.
 *
 * A file is written beside its place and renamed; a device or a pipe is written to as it is.
 *
 * @param option begins the error's sentence: `--json`
 * @param path a file, `-` for standard output, or undefined for nowhere
 * @throws UnderglassError `io` where it cannot
 */
export async function openOutputFile(option: string, path: string | undefined): Promise<OutputFile> {
  if (path === undefined) return { write: async () => undefined };
  if (path === '-') return { write: (text) => print(option, text) };
  const orRefuse = refuser(option, path);
  const target = await checked(path, orRefuse);
  if (!target.isRegular) return { write: (text) => orRefuse(() => writeFile(target.file, text)) };
  const temporary = join(dirname(target.file), `.${basename(target.file)}.${process.pid}.tmp`);
  // Only a try shows whether a folder takes new files.
  await orRefuse(async () => (await open(temporary, 'wx')).close());
  await rm(temporary, { force: true });
  return {
    write: (text) =>
      orRefuse(async () => {
        try {
          await writeFile(temporary, text, { flag: 'wx' });
          await rename(temporary, target.file);
        } catch (error) {
          await rm(temporary, { force: true });
          throw error;
        }
      }),
  };
}

type Refuser = (work: () => Promise<void>, missing?: string) => Promise<void>;

async function checked(
  path: string,
  orRefuse: Refuser,
): Promise<{ readonly file: string; readonly isRegular: boolean }> {
  const folder = dirname(resolve(path));
  await orRefuse(async () => {
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(folder), { code: 'ENOTDIR' });
  }, `the folder ${folder} does not exist; create it first`);
  // A link stays a link: what it points at is replaced.
  const file = await realpath(path).catch(() => resolve(path));
  const found = await stat(file).catch(() => undefined);
  if (!found) return { file, isRegular: true };
  await orRefuse(async () => {
    if (found.isDirectory()) throw Object.assign(new Error(file), { code: 'EISDIR' });
    await access(file, constants.W_OK);
  });
  return { file, isRegular: found.isFile() };
}

/** Turns failures of work into sentences about the option. */
function refuser(option: string, path: string): Refuser {
  return async (work, missing) => {
    try {
      await work();
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      const reason = isMissing && missing ? missing : `${because(error)}; choose another file`;
      throw new UnderglassError('io', `${option} ${path} cannot be written: ${reason}.`, { cause: error });
    }
  };
}
