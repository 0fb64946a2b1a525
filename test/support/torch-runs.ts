// The golden trainings of PyTorch, as options that a trainer or the reference can follow.

import { RandomState } from '../../src/base/random';
import type { Dataset } from '../../src/data/dataset';
import { denseNetwork } from '../../src/nn/network';
import { checkSettings } from '../../src/nn/number-setting';
import type { Optimiser } from '../../src/nn/optimiser';
import { optimisers } from '../../src/nn/optimisers';
import { requirePart } from '../../src/nn/part';
import { schedules } from '../../src/nn/schedules';
import golden from '../golden/torch-training.json';

const { sizes, rows, batch, epochs, seed, l2 } = golden;

/** Random features that float32 holds, and labels without a pattern. */
function data(): Dataset {
  const random = new RandomState(golden.dataSeed);
  const [columns, classes] = [sizes[0]!, sizes.at(-1)!];
  const features = Float32Array.from(random.uniform(-1, 1, rows * columns));
  const labels = random.permutation(rows).map((place) => place % classes);
  return { name: 'golden', rows, columns, classes, features, labels };
}

function optimiserOf(run: (typeof golden.runs)[number]): Optimiser {
  const kind = requirePart('optimiser', optimisers, run.optimiser);
  const schedule = requirePart('schedule', schedules, run.schedule);
  return {
    kind,
    learningRate: run.learningRate,
    l2,
    settings: checkSettings(kind, optimisers[kind].settings, run.settings),
    schedule: {
      kind: schedule,
      epochs,
      settings: checkSettings(schedule, schedules[schedule].settings, run.scheduleSettings),
    },
  };
}

/** Every optimiser with every planned schedule: fifty minibatch steps, and torch's parameters w1, b1, w2, b2 after them. */
export const torchRuns = golden.runs.map((run) => ({
  title: `${run.optimiser} ${JSON.stringify(run.settings)}, ${run.schedule}`,
  epochs,
  options: {
    network: denseNetwork(sizes, { hidden: 'tanh', output: 'linear' }),
    optimiser: optimiserOf(run),
    train: data(),
    batch,
    seed,
  },
  parameters: run.parameters,
}));
