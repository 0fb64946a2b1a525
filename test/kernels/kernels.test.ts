// Every kernel against the float64 reference, over a table of sizes and of activations, in memory planted with sentinels.

import { describe, expect, test } from 'vitest';
import { kernels } from '../../src/kernels';
import { ACTIVATIONS, activations } from '../../src/nn/activations';
import { OPTIMISERS } from '../../src/nn/optimisers';
import { openTestDevice } from '../support/device';
import { expectClose } from '../support/close';
import { type Case, makeCase, SIZES, TELLING_SIZES } from './cases';
import { runOperation } from './run-operation';

// float32 has 24 bits, 6e-8; sums over up to 784 terms lose up to about ten times that of their largest.
const TOLERANCE = 2e-6;

async function expectReference(operation: Case): Promise<void> {
  const device = await openTestDevice();
  const outputs = await runOperation(device, operation);
  expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(operation.expected).toSorted());
  for (const [name, members] of Object.entries(operation.expected)) {
    expect(outputs[name]).toHaveLength(members.length);
    for (const [member, expected] of members.entries()) {
      expectClose(outputs[name]![member]!, expected, TOLERANCE);
    }
  }
}

describe.each(Object.values(kernels).map(({ kind }) => kind))('%s', (kind) => {
  test.each(SIZES)('equals the reference for M $M of $capacity, K $K, N $N, members $members', (sizes) =>
    expectReference(makeCase(kind, sizes)),
  );
});

describe.each(['activate', 'activateGradient', 'denseForward', 'denseBackward', 'denseLoss'] as const)('%s', (kind) => {
  // The loss has the outputs alone, and so takes no activation whose slope is computed from its input.
  const taken = ACTIVATIONS.filter((name) => kind !== 'denseLoss' || activations[name].saves === 'output');
  test.each(taken)('equals the reference with %s', (activation) =>
    expectReference(makeCase(kind, { ...TELLING_SIZES[0]!, activation })),
  );
});

describe.each(['update', 'updateAll'] as const)('%s', (kind) => {
  test.each(OPTIMISERS)('equals the reference with %s', (optimiser) =>
    expectReference(makeCase(kind, { ...TELLING_SIZES[0]!, optimiser })),
  );
});
