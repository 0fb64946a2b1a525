// Errors as the page tells of them: a code and a sentence.

import { UnderglassError } from '../index';
import type { Failure } from './protocol';

/** An error as plain data; `internal` for one that nobody foresaw. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UnderglassError) {
    return { code: error.code, message: error.message };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
