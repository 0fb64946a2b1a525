// Every kernel against the float64 reference, over a table of sizes and of activations, in memory planted with sentinels.
//
// The kernels of whole layers compile long: in the quick suite they take the sizes marked `quick` and two activations,
// and test/train/parts.test.ts trains with all of them.

import { describe, expect, inject, test } from 'vitest';
import { kernels } from '../../src/kernels';
import { type Activation, ACTIVATIONS, activations } from '../../src/nn/activations';
import { OPTIMISERS } from '../../src/nn/optimisers';
import type { OperationKind } from '../../src/program/program';
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

/** Whether a kernel computes a whole layer. */
const isWhole = (kind: OperationKind): boolean => kind.startsWith('dense');

/** One activation whose slope follows from its output, and one whose slope takes its input. */
const QUICK: ReadonlySet<Activation> = new Set(['relu', 'gelu']);

describe.each(Object.values(kernels).map(({ kind }) => kind))('%s', (kind) => {
  test.for(SIZES)('equals the reference for M $M of $capacity, K $K, N $N, members $members', (sizes, context) => {
    context.skip(isWhole(kind) && !sizes.quick && !inject('full'), 'only in npm run test:full');
    return expectReference(makeCase(kind, sizes));
  });
});

describe.each(['activate', 'activateGradient', 'denseForward', 'denseBackward', 'denseLoss'] as const)('%s', (kind) => {
  // The loss has the outputs alone, and so takes no activation whose slope is computed from its input.
  const taken = ACTIVATIONS.filter((name) => kind !== 'denseLoss' || activations[name].saves === 'output');
  test.for(taken)('equals the reference with %s', (activation, context) => {
    context.skip(isWhole(kind) && !QUICK.has(activation) && !inject('full'), 'only in npm run test:full');
    return expectReference(makeCase(kind, { ...TELLING_SIZES[0]!, activation }));
  });
});

describe.each(['update', 'updateAll'] as const)('%s', (kind) => {
  test.each(OPTIMISERS)('equals the reference with %s', (optimiser) =>
    expectReference(makeCase(kind, { ...TELLING_SIZES[0]!, optimiser })),
  );
});
