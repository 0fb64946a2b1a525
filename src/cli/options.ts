// The values of options that only the command line has.

import { parseNumber, type Parser, refuse } from '../base/parsing';
import { type BatchSize, UnderglassError } from '../index';

/** `full`, or rows a step. */
export function batchSize(option: string): Parser<BatchSize> {
  return (text) => {
    if (text === 'full') return 'full';
    const value = parseNumber(text);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw refuse(option, text, 'full, or a whole number of at least 1');
  };
}

/** @throws UnderglassError `usage` for a batch of more rows than the training set has */
export function requireBatch(batch: BatchSize, rows: number): void {
  if (batch !== 'full' && batch > rows) {
    throw new UnderglassError(
      'usage',
      `--batch is ${batch}, but the training set has ${rows} rows; use at most ${rows}, or full.`,
    );
  }
}

/** A file's path, or `-` for standard output. */
export function filePath(option: string): Parser<string> {
  return (text) => {
    if (text !== '' && !text.includes('\0')) return text;
    throw refuse(option, text, 'the path of a file, or - for standard output');
  };
}
