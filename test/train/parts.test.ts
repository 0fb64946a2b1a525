// Networks of any parts: the naive program, the fused one, resident steps and the float64 reference train alike.
//
// Every part is met here in the fused program, and by the naive one in its kernels; `npm run test:full` takes all parts in all programs.

import { describe, expect, inject, test } from 'vitest';
import type { Activation } from '../../src/nn/activations';
import { denseNetwork } from '../../src/nn/network';
import { optimiser, type OptimiserOptions } from '../../src/nn/optimiser';
import { OPTIMISERS } from '../../src/nn/optimisers';
import { referenceTraining } from '../../src/reference/trainer';
import { Group } from '../../src/train/group';
import type { GroupOptions } from '../../src/train/group-options';
import { expectClose } from '../support/close';
import { openTestDevice } from '../support/device';
import { dataset } from '../support/made-up';

// Three epochs of float32 steps; training amplifies a rounding error of 6e-8 a little each step.
const TOLERANCE = 1e-5;
const EPOCHS = 3;

interface Shape {
  readonly sizes: readonly number[];
  readonly hidden: readonly Activation[];
  readonly output: Activation;
  readonly rows: number;
  readonly batch: 'full' | number;
  /** Whether steps can run resident. */
  readonly resident: boolean;
  readonly optimiser?: OptimiserOptions;
}

const SLOW: OptimiserOptions = { learningRate: 0.1, momentum: 0.8, l2: 0.3 };
const SMALL: Shape = { sizes: [6, 9, 4], hidden: ['tanh'], output: 'linear', rows: 22, batch: 8, resident: true };

/** Every activation, in layers of several and of one, before the loss and within; every optimiser. */
const SHAPES: readonly Shape[] = [
  { sizes: [9, 17, 6, 5, 4], hidden: ['tanh', 'relu', 'gelu'], output: 'linear', rows: 33, batch: 8, resident: true },
  { sizes: [13, 8, 7, 3], hidden: ['silu', 'softplus'], output: 'sigmoid', rows: 50, batch: 'full', resident: true },
  {
    sizes: [5, 18, 9, 3, 6],
    hidden: ['leakyRelu', 'elu', 'linear'],
    output: 'tanh',
    rows: 21,
    batch: 21,
    resident: true,
  },
  { sizes: [6, 7, 5], hidden: ['gelu'], output: 'silu', rows: 20, batch: 'full', resident: false },
  ...OPTIMISERS.filter((kind) => kind !== 'sgd').map((kind): Shape => ({ ...SMALL, optimiser: { kind, l2: 0.1 } })),
  { ...SMALL, optimiser: { momentum: 0.9, nesterov: 1, schedule: { kind: 'cosine', epochs: 3, warmup: 1 } } },
  { ...SMALL, optimiser: { kind: 'adam', schedule: { kind: 'exponential', gamma: 0.5 } } },
];

/** Whether all programs take it in the quick suite: most shapes compile long. */
function takesAll(shape: Shape): boolean {
  return inject('full') || shape === SHAPES[0] || shape.optimiser?.kind === 'adam';
}

function optionsOf({ sizes, hidden, output, rows, batch, optimiser: numbers = SLOW }: Shape): GroupOptions {
  const [columns, classes] = [sizes[0]!, sizes.at(-1)!];
  return {
    network: denseNetwork(sizes, { hidden, output }),
    members: [{ optimiser: optimiser(numbers), seed: 4 }],
    splits: {
      train: dataset('train', rows, columns, classes, 1),
      valid: dataset('valid', 10, columns, classes, 2),
      test: dataset('test', 11, columns, classes, 3),
    },
    batch,
    profile: false,
  };
}

async function trained(options: GroupOptions) {
  const group = await Group.create(await openTestDevice(), options);
  try {
    for await (const _ of group.run({ epochs: EPOCHS, every: EPOCHS })) {
      // Trains.
    }
    return { runner: group.runner, parameters: await group.parameters(), gradients: await group.gradients() };
  } finally {
    group.dispose();
  }
}

function expected({ network, members, splits, batch }: GroupOptions) {
  for (const { epoch, parameters } of referenceTraining({ network, ...members[0]!, train: splits.train, batch })) {
    if (epoch === EPOCHS) {
      return parameters;
    }
  }
  throw new Error('the reference ended early');
}

describe.each(SHAPES)('$sizes of $hidden and $output, batches of $batch, $optimiser', (shape) => {
  const options = optionsOf(shape);

  test.for(['naive', 'fused'] as const)('the %s program follows the reference', async (program, context) => {
    context.skip(program === 'naive' && !takesAll(shape), 'only in npm run test:full');
    const { parameters } = await trained({ ...options, program, runner: 'chained' });
    for (const [i, { w, b }] of expected(options).entries()) {
      expectClose(parameters[i]!.w, w, TOLERANCE);
      expectClose(parameters[i]!.b, b, TOLERANCE);
    }
  });

  test(`resident steps ${shape.resident ? 'give the bits of chained ones' : 'are not for it'}`, async (context) => {
    context.skip(shape !== SHAPES[0] && !inject('full'), 'only in npm run test:full');
    const resident = await trained({ ...options, runner: 'resident' });
    const chained = await trained({ ...options, runner: 'chained' });
    expect(resident.runner).toMatch(shape.resident ? /^resident, / : /^chained$/);
    expect(resident.parameters).toEqual(chained.parameters);
    expect(resident.gradients).toEqual(chained.gradients);
  });
});
