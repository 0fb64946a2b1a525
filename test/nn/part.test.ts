import { expect, test } from 'vitest';
import { optimisers } from '../../src/nn/optimisers';
import { requirePart } from '../../src/nn/part';
import { expectError } from '../support/errors';

test('a part is found by its name, and only by it', () => {
  expect(requirePart('optimiser', optimisers, 'adam')).toBe('adam');
  expectError(
    () => requirePart('optimiser', optimisers, 'Adam'),
    'usage',
    /^There is no optimiser 'Adam'; did you mean adam\?$/,
  );
  expectError(
    () => requirePart('optimiser', optimisers, 'toString'),
    'usage',
    /; use sgd, adam, adamw, rmsprop, adagrad\.$/,
  );
});
