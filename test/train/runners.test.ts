// Resident and chained steps: the same training, to the last bit.

import { describe, expect, inject, test } from 'vitest';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { Group } from '../../src/train/group';
import type { GroupOptions } from '../../src/train/group-options';
import { openTestDevice } from '../support/device';
import { dataset } from '../support/made-up';

interface Shape {
  readonly sizes: readonly number[];
  readonly output: 'sigmoid' | 'linear';
  readonly rows: number;
  readonly batch: 'full' | number;
  readonly members: number;
}

/** One layer and many, sizes around a block and a tile, short last batches, groups; the second in the quick suite. */
const SHAPES: readonly Shape[] = [
  { sizes: [5, 3], output: 'linear', rows: 7, batch: 'full', members: 1 },
  { sizes: [9, 17, 4], output: 'sigmoid', rows: 33, batch: 8, members: 2 },
  { sizes: [64, 48, 32, 10], output: 'sigmoid', rows: 203, batch: 'full', members: 1 },
  { sizes: [13, 8, 31, 6, 18], output: 'linear', rows: 50, batch: 32, members: 3 },
  { sizes: [130, 20, 3], output: 'linear', rows: 65, batch: 65, members: 1 },
];

function optionsOf({ sizes, output, rows, batch, members }: Shape): GroupOptions {
  const [columns, classes] = [sizes[0]!, sizes.at(-1)!];
  return {
    network: denseNetwork(sizes, { output }),
    members: Array.from({ length: members }, (_, i) => ({
      optimiser: optimiser({ learningRate: 0.1 + 0.1 * i, momentum: 0.9 - 0.3 * i, l2: 0.5 * i }),
      seed: 4,
    })),
    splits: {
      train: dataset('train', rows, columns, classes, 1),
      valid: dataset('valid', 10, columns, classes, 2),
      test: dataset('test', 11, columns, classes, 3),
    },
    batch,
  };
}

/** All that three epochs leave. */
async function trained(options: GroupOptions) {
  const group = await Group.create(await openTestDevice(), options);
  try {
    const reports = [];
    for await (const { epoch, members } of group.run({ epochs: 3 })) {
      reports.push({ epoch, members });
    }
    const members = options.members.map((_, i) => i);
    const parameters = await Promise.all(members.map((member) => group.parameters(member)));
    const gradients = await Promise.all(members.map((member) => group.gradients(member)));
    return { runner: group.runner, results: { reports, parameters, gradients } };
  } finally {
    group.dispose();
  }
}

describe.each(SHAPES)('$sizes, $output output, $rows rows in batches of $batch, $members networks', (shape) => {
  test('resident steps give the bits of chained ones: scores, parameters, gradients', async (context) => {
    context.skip(shape !== SHAPES[1] && !inject('full'), 'only in npm run test:full');
    const options = optionsOf(shape);
    const chained = await trained({ ...options, runner: 'chained', profile: false });
    const resident = await trained({ ...options, runner: 'resident', profile: false });
    expect(chained.runner).toBe('chained');
    expect(resident.runner).toMatch(/^resident, /);
    expect(resident.results).toEqual(chained.results);
  });
});

test('some steps timed one operation at a time among resident ones change nothing', async () => {
  const options = optionsOf(SHAPES[1]!);
  const timed = await trained({ ...options, runner: 'resident', profile: true });
  const plain = await trained({ ...options, runner: 'resident', profile: false });
  expect(timed.results).toEqual(plain.results);
});

test('a network too large for one workgroup is chained even where resident steps are asked for', async () => {
  const options = optionsOf({ sizes: [400, 900, 3], output: 'linear', rows: 600, batch: 'full', members: 1 });
  const group = await Group.create(await openTestDevice(), { ...options, runner: 'resident', profile: false });
  expect(group.runner).toBe('chained');
  group.dispose();
});
