// Shader files as text.

import { readFileSync } from 'node:fs';

/** The text of a file, without the byte order mark that some editors begin it with, which is no WGSL. */
export function readSource(file: string): string {
  return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
}
