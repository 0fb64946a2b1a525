// What `--json` writes: one value, whole or not at all.

import { openOutputFile } from './output-file';

/** Writes one value as JSON. */
export interface JsonOutput {
  write(value: unknown): Promise<void>;
}

/** The file that `--json` names, checked before any work is done for it. @throws UnderglassError as `openOutputFile` does */
export async function openJsonOutput(path: string | undefined): Promise<JsonOutput> {
  const file = await openOutputFile('--json', path);
  return { write: (value) => file.write(`${JSON.stringify(value, undefined, 2)}\n`) };
}
