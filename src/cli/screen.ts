// Where a person reads: a terminal with its width and colours, or a pipe with neither.

import pc from 'picocolors';

/** The functions of picocolors; they do nothing where colours are off. */
export type Colours = ReturnType<typeof pc.createColors>;

/** A stream of text for people. */
export interface Screen {
  readonly stream: NodeJS.WriteStream;
  readonly colours: Colours;
  /** Columns; a pipe has as many as a wide terminal. */
  readonly width: number;
  /** Whether lines can be drawn again: a terminal that is not dumb. */
  readonly live: boolean;
  /** Writes one or more lines. */
  print(text?: string): void;
}

const PIPE_WIDTH = 100;

/** A screen on standard output or standard error. */
export function openScreen(stream: NodeJS.WriteStream): Screen {
  const live = stream.isTTY && process.env.TERM !== 'dumb';
  return {
    stream,
    colours: pc.createColors(hasColours(stream)),
    width: stream.isTTY ? stream.columns || 80 : PIPE_WIDTH,
    live,
    print: (text = '') => {
      stream.write(`${text}\n`);
    },
  };
}

/** Whether to colour what goes there: on a terminal that can, unless NO_COLOR is set; anywhere if FORCE_COLOR is. */
export function hasColours(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  // In a pipe `isTTY` is missing, whatever its type says; picocolors would take undefined for its own guess.
  return stream.isTTY ? stream.getColorDepth() > 1 : false;
}
