// One matcher for the errors that Underglass raises on purpose.

import { expect } from 'vitest';
import { type ErrorCode, UnderglassError } from '../../src/base/errors';

/** Expects `action` to throw an UnderglassError with this code and a message that matches. */
export function expectError(action: () => unknown, code: ErrorCode, message: RegExp): void {
  let error: unknown;
  try {
    action();
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof UnderglassError)) return expect.fail(`expected an UnderglassError, got ${String(error)}`);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
}
