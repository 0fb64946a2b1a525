// Whole trainings on the GPU, held to PyTorch's: every optimiser with every schedule that has a plan.

import { describe, expect, test } from 'vitest';
import { Group } from '../../src/train/group';
import { openTestDevice } from '../support/device';
import { expectClose } from '../support/close';
import { torchRuns } from '../support/torch-runs';

// Fifty float32 steps; torch's are float64.
const TOLERANCE = 1e-5;

describe.each(torchRuns)('$title', ({ options: { optimiser, seed, train, ...rest }, epochs, parameters }) => {
  test.each(['naive', 'fused'] as const)(
    "the %s program ends at torch's parameters after 50 minibatch steps",
    async (program) => {
      const splits = { train, valid: train, test: train };
      const options = {
        ...rest,
        members: [{ optimiser, seed }],
        splits,
        program,
        runner: 'chained' as const,
        profile: false,
      };
      const group = await Group.create(await openTestDevice(), options);
      try {
        for await (const _ of group.run({ epochs, every: epochs })) {
          // Trains.
        }
        const tensors = (await group.parameters()).flatMap(({ w, b }) => [w, b]);
        expect(tensors.length).toBe(parameters.length);
        for (const [i, tensor] of tensors.entries()) expectClose(tensor, parameters[i]!, TOLERANCE);
      } finally {
        group.dispose();
      }
    },
  );
});
