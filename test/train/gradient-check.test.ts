// The gradient check passes right gradients, and can fail.

import { expect, test } from 'vitest';
import { takeRows } from '../../src/data/dataset';
import { denseNetwork } from '../../src/nn/network';
import { gradientCheck } from '../../src/train/gradient-check';
import { openTestDevice } from '../support/device';
import { loadDigits } from '../support/digits';
import { dataset } from '../support/made-up';

const options = async () => ({ device: await openTestDevice(), rows: 40, elements: 20 });

test.each(['sigmoid', 'linear'] as const)('passes with %s output', async (output) => {
  const report = await gradientCheck(denseNetwork([64, 12, 10], { output }), await loadDigits(), await options());
  expect(report.tensors.map(({ label }) => label)).toEqual([
    'dense1 weights',
    'dense1 biases',
    'dense2 weights',
    'dense2 biases',
  ]);
  for (const { label, error, passed } of report.tensors) {
    expect(error, label).toBeLessThan(report.tolerance);
    expect(passed).toBe(true);
  }
  expect(report).toMatchObject({ passed: true, rows: 40 });
});

test('fails where gradients differ: float32 cannot meet a float64 tolerance', async () => {
  const report = await gradientCheck(denseNetwork([64, 12, 10]), await loadDigits(), {
    ...(await options()),
    tolerance: 1e-12,
  });
  expect(report.passed).toBe(false);
});

test('refuses a network that does not fit the data', async () => {
  const data = takeRows(await loadDigits(), [0, 1, 2]);
  await expect(gradientCheck(denseNetwork([63, 10]), data, await options())).rejects.toMatchObject({ code: 'shape' });
});

test('passes a layer of 200,704 weights, more than a call takes arguments', async () => {
  const data = dataset('wide', 3, 784, 10, 1);
  const { passed, tensors } = await gradientCheck(denseNetwork([784, 256, 10]), data, {
    ...(await options()),
    elements: 3,
  });
  expect(tensors[0]!.elements).toBe(784 * 256);
  expect(passed).toBe(true);
});

test('passes a gradient that is exactly zero where the loss does not change', async () => {
  const blank = { ...dataset('blank', 5, 6, 3, 1), features: new Float32Array(5 * 6) };
  const { passed, tensors } = await gradientCheck(denseNetwork([6, 4, 3]), blank, { ...(await options()), l2: 0 });
  expect(tensors[0]).toMatchObject({ label: 'dense1 weights', largest: 0, error: 0, passed: true });
  expect(passed).toBe(true);
});
