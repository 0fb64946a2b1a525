// Every variant of every kernel: the same numbers as the reference, and the same bits as every other variant.

import { describe, expect, test } from 'vitest';
import type { Device } from '../../src/gpu/device';
import { kernels } from '../../src/kernels';
import type { Variant } from '../../src/kernels/kernel';
import { expectClose } from '../support/close';
import { openTestDevice } from '../support/device';
import { type Case, makeCase, TELLING_SIZES } from './cases';
import { runOperation } from './run-operation';

// As for the default variants; where a sum is split only its order changes.
const TOLERANCE = 2e-6;

/** The kernels that have a choice at all; the default variants of all are held against the reference beside this. */
const CHOOSING = ['denseForward', 'denseLoss', 'denseBackward', 'updateAll'] as const;

/** The candidates that a kernel offers for a case. */
async function candidatesOf(device: Device, operation: Case): Promise<readonly Variant[]> {
  let offered: readonly Variant[] = [];
  await runOperation(device, operation, (candidates) => {
    offered = candidates;
    return candidates[0]!;
  });
  return offered;
}

const named = (name: string) => (candidates: readonly Variant[]) =>
  candidates.find((candidate) => candidate.name === name)!;

test('these are all the kernels with more than one variant', async () => {
  const device = await openTestDevice();
  const sizes = TELLING_SIZES[0]!;
  for (const { kind } of Object.values(kernels)) {
    const candidates = await candidatesOf(device, makeCase(kind, sizes));
    if (candidates.length > 1) {
      expect(CHOOSING).toContain(kind);
    }
    expect(new Set(candidates.map(({ name }) => name)).size, `names of ${kind}'s variants`).toBe(candidates.length);
  }
});

describe.each(CHOOSING)('%s', (kind) => {
  test.each(TELLING_SIZES)(
    'equals the reference in every variant, and every variant to the last bit: M $M of $capacity, K $K, N $N, members $members',
    async (sizes) => {
      const device = await openTestDevice();
      const operation = makeCase(kind, sizes);
      const candidates = await candidatesOf(device, operation);
      let standard: Awaited<ReturnType<typeof runOperation>> | undefined;
      for (const { name: variant, constants } of candidates) {
        const outputs = await runOperation(device, operation, named(variant));
        expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(operation.expected).toSorted());
        for (const [name, members] of Object.entries(operation.expected)) {
          for (const [member, expected] of members.entries()) {
            expectClose(outputs[name]![member]!, expected, TOLERANCE);
          }
        }
        // Split sums come in slots, which the update adds; splits.test.ts compares the bits of whole steps.
        if ((constants['SPLIT'] ?? 1) === 1) {
          standard ??= outputs;
          expect(outputs, variant).toEqual(standard);
        }
      }
    },
  );
});
