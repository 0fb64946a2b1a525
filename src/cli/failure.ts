// Failures as a person meets them: one sentence on standard error and an exit code, never a stack trace.

import { CommanderError } from 'commander';
import { UnderglassError } from '../index';
import { openScreen } from './screen';
import { wrap } from './tables';

/** What went wrong while the command ran. */
export const EXIT_FAILURE = 1;

/** What was typed makes no sense. */
export const EXIT_USAGE = 2;

/**
 * Says what went wrong, and gives the exit code for it.
 *
 * With UNDERGLASS_DEBUG set the stack follows.
 *
 * @param help the command that shows what could have been typed, such as `underglass train --help`
 */
export function fail(error: unknown, help: string): number {
  const isHelp = error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help');
  if (isHelp) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  const screen = openScreen(process.stderr);
  const text = `${screen.colours.red('error:')} ${sentence(error, help)}`;
  // One line for programs, whole words for people.
  for (const line of screen.stream.isTTY ? wrap(text.split(' '), ' ', screen.width) : [text]) screen.print(line);
  if (process.env.UNDERGLASS_DEBUG && error instanceof Error) screen.print(screen.colours.dim(stack(error)));
  const usage = error instanceof CommanderError || (error instanceof UnderglassError && error.code === 'usage');
  return usage ? EXIT_USAGE : EXIT_FAILURE;
}

/** The reason that the operating system or a library gives, as the middle of a sentence. */
export function because(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? oneLine(error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  EBADF: 'it takes no output',
};

function sentence(error: unknown, help: string): string {
  if (error instanceof CommanderError) return usageSentence(withOwnName(error.message), help);
  if (error instanceof UnderglassError) return oneLine(error.message).replace(/[^.?!]$/, '$&.');
  if (error instanceof RangeError && /allocation|array length|buffer/i.test(error.message)) {
    return 'This does not fit into the memory of this machine; use narrower --layers.';
  }
  return `${because(error)}: a fault of Underglass; UNDERGLASS_DEBUG=1 shows where.`;
}

/** Options by names that other tools give them, or that are spelled in full. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  '--learning-rate': '--lr',
  '--batch-size': '--batch',
  '--lambda': '--l2',
  '--weight-decay': '--l2',
  '--hidden': '--layers',
  '--random-state': '--seed',
};

/** An unknown option that goes by another name elsewhere, with the name that it has here as the suggestion. */
function withOwnName(message: string): string {
  const [, option = ''] = /unknown option '([^'=]+)/.exec(message) ?? [];
  const own = OTHER_NAMES[option];
  return own ? `${message.split('\n')[0]}\n(Did you mean ${own}?)` : message;
}

/** Commander's words, which put the suggestion on a line of its own. */
function usageSentence(message: string, help: string): string {
  const [problem = '', suggestion] = message.replace(/^error: /, '').split(/\n\(?/);
  const remedy = suggestion ? suggestion.replace(/^D/, 'd').replace(/\)$/, '') : `see ${help}.`;
  return `${problem.trim().replace(/\.$/, '').replace('. Expected', ': expected')}; ${remedy}`;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

function stack(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${stack(error.cause)}` : own;
}
