// Problems: errors and warnings about a place in a shader file.

/** A place in a source file. Lines and columns count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The source lines around the place, with a mark under it. */
  readonly frame: string;
}

export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly location: Location;
}

/** A shader that can't be linked or doesn't compile. */
export class ShaderError extends Error {
  /** @param files every file that was read or looked for: a change to one of them may mend the shader */
  constructor(
    readonly problems: readonly Problem[],
    readonly files: readonly string[],
  ) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.name = 'ShaderError';
  }
}

/** @param offset in UTF-16 code units, like `length` */
export function locate(file: string, text: string, offset: number, length = 1): Location {
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1) ?? '').length + 1;
  return { file, line, column, frame: frame(text.split('\n'), line, column, length) };
}

const CONTEXT_LINES = 2;

function frame(lines: readonly string[], line: number, column: number, length: number): string {
  const first = Math.max(1, line - CONTEXT_LINES);
  const last = Math.min(lines.length, line + CONTEXT_LINES);
  const width = String(last).length;
  const framed: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1] ?? '';
    framed.push(`${String(number).padStart(width)} | ${text}`.trimEnd());
    if (number !== line) continue;
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
    const marks = Math.max(1, Math.min(length, text.length - column + 1));
    framed.push(`${' '.repeat(width)} | ${indent}${'^'.repeat(marks)}`);
  }
  return framed.join('\n');
}
