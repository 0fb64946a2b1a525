// The command line as a child process, built as it is published.

import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build as buildLibrary } from 'vite';

/** What a command left. */
export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command. */
export interface RunSettings {
  readonly env?: Readonly<Record<string, string>>;
  /** Called with all of standard output, whenever there is more of it. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void;
  /** A file descriptor for standard output, of which nothing is told then. */
  readonly stdout?: number;
}

/** A built command line. */
export interface CommandLine {
  run(args: readonly string[], settings?: RunSettings): Promise<Ended>;
}

let built: Promise<CommandLine> | undefined;

/**
 * Builds the command line into a folder of its own, inside the package, where its dependencies are found.
 *
 * Once a worker, whose files share it; deleted when the worker ends.
 */
export function buildCommandLine(): Promise<CommandLine> {
  return (built ??= build());
}

async function build(): Promise<CommandLine> {
  const cache = resolve('node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const outDir = await mkdtemp(join(cache, 'underglass-'));
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
  await buildLibrary({
    configFile: resolve('vite.lib.config.ts'),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  });
  return { run: (args, settings) => run(join(outDir, 'cli.js'), args, settings) };
}

/** Time after which a command that hangs is killed; below the tests' own limit. */
const MOST_MS = 110_000;

async function run(
  script: string,
  args: readonly string[],
  { env, onOutput, stdout: target }: RunSettings = {},
): Promise<Ended> {
  const { FORCE_COLOR: _forced, NO_COLOR: _plain, UNDERGLASS_DEBUG: _debug, ...inherited } = process.env;
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...inherited, ...env },
    timeout: MOST_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', target ?? 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onOutput?.(stdout, child);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => done({ code: code ?? signal, stdout, stderr }));
  });
}
