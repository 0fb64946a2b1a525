// Where `--json` writes: a file that appears whole or not at all, or standard output.

import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UnderglassError } from '../index';
import { because } from './failure';

/** Writes one value as JSON. */
export interface JsonOutput {
  write(value: unknown): Promise<void>;
}

/**
 * Makes sure that the place can be written to, before any work is done for it.
 *
 * A file is written beside its place and renamed; a device or a pipe is written to as it is.
 *
 * @param path a file, `-` for standard output, or undefined for nowhere
 * @throws UnderglassError `io` where it cannot
 */
export async function openJsonOutput(path: string | undefined): Promise<JsonOutput> {
  if (path === undefined) return { write: async () => undefined };
  if (path === '-') return { write: (value) => print(json(value)) };
  const target = await checked(path);
  if (!target.isRegular) return { write: (value) => orRefuse(path, () => writeFile(target.file, json(value))) };
  const temporary = join(dirname(target.file), `.${basename(target.file)}.${process.pid}.tmp`);
  // Only a try shows whether a folder takes new files.
  await orRefuse(path, async () => (await open(temporary, 'wx')).close());
  await rm(temporary, { force: true });
  return {
    write: (value) =>
      orRefuse(path, async () => {
        try {
          await writeFile(temporary, json(value), { flag: 'wx' });
          await rename(temporary, target.file);
        } catch (error) {
          await rm(temporary, { force: true });
          throw error;
        }
      }),
  };
}

async function checked(path: string): Promise<{ readonly file: string; readonly isRegular: boolean }> {
  const folder = dirname(resolve(path));
  await orRefuse(
    path,
    async () => {
      if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(folder), { code: 'ENOTDIR' });
    },
    `the folder ${folder} does not exist; create it first`,
  );
  // A link stays a link: what it points at is replaced.
  const file = await realpath(path).catch(() => resolve(path));
  const found = await stat(file).catch(() => undefined);
  if (!found) return { file, isRegular: true };
  await orRefuse(path, async () => {
    if (found.isDirectory()) throw Object.assign(new Error(file), { code: 'EISDIR' });
    await access(file, constants.W_OK);
  });
  return { file, isRegular: found.isFile() };
}

async function orRefuse(path: string, work: () => Promise<void>, missing?: string): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing && missing ? missing : `${because(error)}; choose another file`;
    throw new UnderglassError('io', `--json ${path} cannot be written: ${reason}.`, { cause: error });
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

async function print(text: string): Promise<void> {
  await new Promise<void>((done) => {
    // An error here is a reader that went away.
    process.stdout.write(text, () => done());
  });
}
