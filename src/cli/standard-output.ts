// Standard output and standard error, watched: text that could not be written makes a command fail, whatever else it did.

import { setImmediate as turn } from 'node:timers/promises';
import { UnderglassError } from '../index';
import { because } from './failure';

const failures: UnderglassError[] = [];

/** Begins to watch. A reader that goes away, as `| head` does, is no failure. */
export function watchStandardOutput(): void {
  for (const [name, stream] of [
    ['standard output', process.stdout],
    ['standard error', process.stderr],
  ] as const) {
    stream.once('error', (error: NodeJS.ErrnoException) => {
      // What is written after the first failure fails too.
      stream.on('error', () => undefined);
      if (!isReaderGone(error)) failures.push(notWritten(name, error));
    });
  }
}

/** @throws UnderglassError `io` where something could not be written */
export async function requireWritten(): Promise<void> {
  // A stream tells of a failure after the write that failed.
  await turn();
  const [failure] = failures;
  if (failure) throw failure;
}

/** Writes to standard output, whole. @throws UnderglassError `io` where that fails, but for a reader that went away */
export async function print(option: string, text: string): Promise<void> {
  await new Promise<void>((done, failed) => {
    process.stdout.write(text, (error) => {
      if (error && !isReaderGone(error)) failed(notWritten(`${option} -`, error));
      else done();
    });
  });
}

function isReaderGone(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}

function notWritten(what: string, error: Error): UnderglassError {
  return new UnderglassError('io', `${what} cannot be written: ${because(error)}; name a file or another disk.`, {
    cause: error,
  });
}
