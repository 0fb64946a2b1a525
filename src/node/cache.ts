// The user's cache folder: folders made once, whole or not at all.
//
// Several processes may want the same folder at the same moment (two command lines, a test run). Each fills a
// folder of its own beside the final place and renames it there; the first rename wins and the others use it.

import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UnderglassError } from '../base/errors';

const UNFINISHED = '.unfinished-';
const STALE_MS = 3_600_000;

/**
 * The path of a folder in the user's cache, filled on first use.
 *
 * It lies in `$XDG_CACHE_HOME/underglass` (`~/.cache/underglass`), or where that cannot be written, in the
 * folder for temporary files. `fill` writes into an empty folder that becomes visible under `name` only when complete.
 *
 * @throws UnderglassError `io` when neither place can be written or `fill` fails in both.
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const failures: unknown[] = [];
  const roots = [userRoot(), temporaryRoot()];
  for (const root of roots) {
    try {
      return await folderIn(root, name, fill);
    } catch (error) {
      failures.push(error);
    }
  }
  const reasons = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  throw new UnderglassError(
    'io',
    `The cache folder "${name}" can be made neither in ${roots[0]?.path} (${reasons[0]}) nor in ${roots[1]?.path} ` +
      `(${reasons[1]}); set XDG_CACHE_HOME to a folder that can be written.`,
    { cause: failures[0] },
  );
}

/** The path of a file of this name in the user's cache folder, whether or not it is there. */
export function cachePath(name: string): string {
  return join(userRoot().path, name);
}

interface Root {
  readonly path: string;
  /** Others can write beside it, so it counts only if it belongs to this user. */
  readonly shared: boolean;
}

function userRoot(): Root {
  const home = process.env.XDG_CACHE_HOME;
  return { path: join(home && isAbsolute(home) ? home : join(homedir(), '.cache'), 'underglass'), shared: false };
}

function temporaryRoot(): Root {
  return { path: join(tmpdir(), `underglass-${process.getuid?.() ?? 'cache'}`), shared: true };
}

async function folderIn(root: Root, name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(root.path, name);
  if (!root.shared && existsSync(folder)) return folder;
  await mkdir(root.path, { recursive: true, mode: 0o700 });
  if (root.shared) await assertOwn(root.path);
  if (existsSync(folder)) return folder;
  await removeStale(root.path);
  const unfinished = await mkdtemp(join(root.path, UNFINISHED));
  try {
    await fill(unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      // Another process was first: its folder is as good.
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** In a folder that everybody can write to, somebody else may have made ours. */
async function assertOwn(path: string): Promise<void> {
  const { uid } = await lstat(path);
  if (process.getuid && uid !== process.getuid()) throw new Error(`${path} belongs to another user`);
}

/** A process killed while it filled its folder leaves it behind. */
async function removeStale(root: string): Promise<void> {
  for (const entry of await readdir(root)) {
    if (!entry.startsWith(UNFINISHED)) continue;
    const path = join(root, entry);
    const made = await stat(path).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}
