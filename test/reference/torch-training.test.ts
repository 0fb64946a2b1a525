// Whole trainings by the float64 rules and the reference's wiring, held to PyTorch's.

import { describe, expect, test } from 'vitest';
import type { LayerParameters } from '../../src/nn/network';
import { optimisers } from '../../src/nn/optimisers';
import { schedules } from '../../src/nn/schedules';
import { type ReferenceTrainingOptions, referenceTraining } from '../../src/reference/trainer';
import { expectClose } from '../support/close';
import { torchRuns } from '../support/torch-runs';

function trained(options: ReferenceTrainingOptions, epochs: number): readonly LayerParameters[] {
  for (const { epoch, parameters } of referenceTraining(options)) {
    if (epoch === epochs) return parameters;
  }
  throw new Error('the reference ended early');
}

describe.each(torchRuns)('$title', ({ options, epochs, parameters }) => {
  test("ends at torch's parameters after 50 minibatch steps", () => {
    const tensors = trained(options, epochs).flatMap(({ w, b }) => [w, b]);
    expect(tensors.length).toBe(parameters.length);
    // The golden numbers have twelve digits.
    for (const [i, tensor] of tensors.entries()) expectClose(tensor, parameters[i]!, 1e-11);
  });
});

test('the golden runs pair every optimiser with every schedule that has a plan', () => {
  const pairs = new Set(torchRuns.map(({ options: { optimiser } }) => `${optimiser.kind} ${optimiser.schedule.kind}`));
  const planned = Object.entries(schedules).filter(([, rule]) => !('watches' in rule));
  for (const optimiser of Object.keys(optimisers)) {
    for (const [schedule] of planned) expect(pairs).toContain(`${optimiser} ${schedule}`);
  }
});
