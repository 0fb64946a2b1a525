// Every kernel against the float64 reference, over a table of sizes, in memory planted with sentinels.

import { describe, expect, test } from 'vitest';
import { kernels } from '../../src/kernels';
import { openTestDevice } from '../support/device';
import { expectClose } from '../support/close';
import { makeCase, SIZES } from './cases';
import { runOperation } from './run-operation';

// float32 has 24 bits, 6e-8; sums over up to 784 terms lose up to about ten times that of their largest.
const TOLERANCE = 2e-6;

describe.each(Object.values(kernels).map(({ kind }) => kind))('%s', (kind) => {
  test.each(SIZES)('equals the reference for M $M of $capacity, K $K, N $N, members $members', async (sizes) => {
    const device = await openTestDevice();
    const operation = makeCase(kind, sizes);
    const outputs = await runOperation(device, operation);
    expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(operation.expected).toSorted());
    for (const [name, members] of Object.entries(operation.expected)) {
      expect(outputs[name]).toHaveLength(members.length);
      for (const [member, expected] of members.entries()) {
        expectClose(outputs[name]![member]!, expected, TOLERANCE);
      }
    }
  });
});
