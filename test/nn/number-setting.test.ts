import { expect, test } from 'vitest';
import { checkSettings } from '../../src/nn/number-setting';
import { optimisers } from '../../src/nn/optimisers';
import { expectError } from '../support/errors';

const { adam, sgd } = optimisers;

test('settings left out are the initial ones', () => {
  expect(checkSettings('adam', adam.settings, { beta1: 0.5, epsilon: undefined })).toEqual({
    beta1: 0.5,
    beta2: 0.999,
    epsilon: 1e-8,
  });
  expect(checkSettings('nothing', {})).toEqual({});
});

test('an unknown setting is named, with the one it was probably meant to be', () => {
  const given = { bata1: 0.5 };
  expectError(
    () => checkSettings('adam', adam.settings, given),
    'usage',
    /^adam has no setting 'bata1'; did you mean beta1\?$/,
  );
  expectError(
    () => checkSettings('adam', adam.settings, { velocity: 1 }),
    'usage',
    /'velocity'; use beta1, beta2, epsilon\.$/,
  );
  expectError(
    () => checkSettings('constant', {}, { gamma: 1 }),
    'usage',
    /^constant has no setting 'gamma'; it has none\.$/,
  );
  expectError(() => checkSettings('adam', adam.settings, { constructor: 1 }), 'usage', /no setting 'constructor'/);
});

test.each([
  [1, /^β₁ of adam \(beta1\) is 1; use a number from 0 to below 1, such as 0\.9\.$/],
  [-0.1, /is -0\.1; use/],
  [Number.NaN, /is NaN; use/],
  [Number.POSITIVE_INFINITY, /is Infinity; use/],
  [0.9999999999, /is 0\.9999999999, 1 in the GPU's float32; use/],
])('a beta1 of %d is refused', (beta1, message) => {
  expectError(() => checkSettings('adam', adam.settings, { beta1 }), 'usage', message);
});

test('bounds that are open stay out, closed ones are in', () => {
  expectError(
    () => checkSettings('adam', adam.settings, { epsilon: 0 }),
    'usage',
    /is 0; use a number above 0, such as 1e-8/,
  );
  expectError(
    () => checkSettings('adam', adam.settings, { epsilon: 1e-60 }),
    'usage',
    /is 1e-60, 0 in the GPU's float32/,
  );
  expectError(
    () => checkSettings('adam', adam.settings, { epsilon: 1e60 }),
    'usage',
    /is 1e\+60, Infinity in the GPU's float32/,
  );
  expect(checkSettings('sgd', sgd.settings, { momentum: 0, nesterov: 1 })).toEqual({ momentum: 0, nesterov: 1 });
});

test('what counts is whole', () => {
  expectError(
    () => checkSettings('sgd', sgd.settings, { nesterov: 0.5 }),
    'usage',
    /is 0\.5; use a whole number from 0 to 1/,
  );
});
