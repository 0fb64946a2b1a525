// The values of options that only the command line has.

import { type Parser, refuse } from '../base/parsing';

/** A file's path, or `-` for standard output. */
export function filePath(option: string): Parser<string> {
  return (text) => {
    if (text !== '' && !text.includes('\0')) return text;
    throw refuse(option, text, 'the path of a file, or - for standard output');
  };
}
