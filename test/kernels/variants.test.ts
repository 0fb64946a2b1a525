// Variants of every kernel: the same numbers as the reference, and the same bits as every other variant.
//
// Of what variants are made of, each two meet, at one size; `npm run test:full` runs every variant at every size.

import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { Device } from '../../src/gpu/device';
import { kernels } from '../../src/kernels';
import type { Variant } from '../../src/kernels/kernel';
import { expectClose, expectSameBits } from '../support/close';
import { openTestDevice } from '../support/device';
import { allPairs } from '../support/pairs';
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

interface Run {
  readonly size: number;
  readonly variant: Variant;
}

/** What a run is made of: its size, the variant's constants, and whether it is staged. */
function traits({ size, variant }: Run): Readonly<Record<string, unknown>> {
  return { size, staged: variant.staged ?? false, ...variant.constants };
}

describe.each(CHOOSING)('%s', (kind) => {
  const cases = TELLING_SIZES.map((sizes) => makeCase(kind, sizes));
  let runs: readonly Run[] = [];

  beforeAll(async () => {
    const device = await openTestDevice();
    const all: Run[] = [];
    for (const [size, operation] of cases.slice(0, inject('full') ? undefined : 1).entries()) {
      for (const variant of await candidatesOf(device, operation)) all.push({ size, variant });
    }
    runs = inject('full') ? all : allPairs(all, traits);
  });

  test.for(TELLING_SIZES.map((sizes, size) => ({ ...sizes, size })))(
    'equals the reference in every variant, and every variant to the last bit: M $M of $capacity, K $K, N $N, members $members',
    async ({ size }, { skip }) => {
      skip(size > 0 && !inject('full'), 'only in npm run test:full');
      const device = await openTestDevice();
      const operation = cases[size]!;
      const variants = runs.filter((run) => run.size === size).map(({ variant }) => variant);
      expect(variants.length).toBeGreaterThan(1);
      let standard: Awaited<ReturnType<typeof runOperation>> | undefined;
      for (const { name: variant, constants } of variants) {
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
          for (const [name, members] of Object.entries(standard)) {
            members.forEach((member, i) => expectSameBits(outputs[name]![i]!, member, `${variant}: ${name}`));
          }
        }
      }
    },
  );
});
