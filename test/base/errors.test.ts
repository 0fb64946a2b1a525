import { expect, test } from 'vitest';
import { requireWhole } from '../../src/base/checks';
import { UnderglassError } from '../../src/base/errors';
import { expectError } from '../support/errors';

test('an error carries its code, its name and the error underneath', () => {
  const cause = new Error('underneath');
  const error = new UnderglassError('io', 'digits.npy: not found.', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ code: 'io', name: 'UnderglassError', message: 'digits.npy: not found.', cause });
});

test('requireWhole hands back whole numbers and names everything else', () => {
  expect(requireWhole('The batch', 3, { min: 1, max: 3 })).toBe(3);
  expectError(() => requireWhole('The batch', 0, { min: 1 }), 'usage', /^The batch is 0, not a whole .* at least 1\.$/);
  expectError(() => requireWhole('Size', 1.5, { max: 9, code: 'shape', remedy: 'use 2' }), 'shape', /0 to 9; use 2\.$/);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
    expectError(() => requireWhole('The batch', value), 'usage', new RegExp(`is ${value}`));
  }
});
