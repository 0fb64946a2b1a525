import { beforeAll, describe, expect, inject, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { type TutorialSplit, tutorialSplit } from '../../src/data/digits';
import { denseNetwork, initialParameters, type Network } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { TUTORIAL_L2, TUTORIAL_SIZES } from '../../src/nn/tutorial';
import {
  type ReferenceEpoch,
  referenceAccuracy,
  referenceGradients,
  referenceLoss,
  referenceTraining,
  type ReferenceTrainingOptions,
} from '../../src/reference/trainer';
import goldenGradients from '../golden/tutorial-gradients.json';
import goldenMinibatch from '../golden/minibatch.json';
import goldenTraining from '../golden/tutorial-training.json';
import { expectClose } from '../support/close';
import { loadDigits } from '../support/digits';

const full = inject('full');

let parts: TutorialSplit;
beforeAll(async () => {
  parts = tutorialSplit(await loadDigits());
});

interface GoldenPoint {
  epoch: number;
  train: { loss: number; accuracy: number };
  valid: { loss: number; accuracy: number };
  test: { loss: number; accuracy: number };
}

/**
 * Follows a run to the end of its curve, or to `last`, and compares every point on the way.
 *
 * Both sides are float64 and differ only in the order of sums, but each step carries the differences on: hence `rtol`.
 */
function expectCurve(
  options: Omit<ReferenceTrainingOptions, 'train'>,
  curve: GoldenPoint[],
  rtol: number,
  last = Number.POSITIVE_INFINITY,
): void {
  const points = new Map(curve.filter(({ epoch }) => epoch <= last).map((point) => [point.epoch, point]));
  for (const { epoch, parameters } of referenceTraining({ ...options, train: parts.train })) {
    const point = points.get(epoch);
    if (point === undefined) continue;
    for (const part of ['train', 'valid', 'test'] as const) {
      const loss = referenceLoss(options.network, parameters, parts[part], options.optimiser.l2);
      expect(Math.abs(loss / point[part].loss - 1)).toBeLessThan(rtol);
      expect(referenceAccuracy(options.network, parameters, parts[part])).toBe(point[part].accuracy);
    }
    points.delete(epoch);
    if (points.size === 0) break;
  }
}

/** Every run of seed 0 is followed to epoch 100, and the tutorial's own to its end, in `npm run test:full`. */
function lastEpoch({ seed, l2, output }: { seed: number; l2: number; output: string }): number {
  if (!full || seed > 0) return 0;
  return l2 === TUTORIAL_L2 && output === 'sigmoid' ? 300 : 100;
}

/** The tutorial's network with the output that a golden file names. */
function tutorialNetwork(output: string): Network {
  return denseNetwork(TUTORIAL_SIZES, { output: output === 'linear' ? 'linear' : 'sigmoid' });
}

describe("the reference follows the tutorial's training in NumPy", () => {
  const { learningRate, momentum } = goldenTraining;
  const runs = goldenTraining.runs.map((run) => ({ ...run, last: lastEpoch(run) }));

  test.each(runs)('seed $seed, λ $l2, $output output, to epoch $last', ({ seed, l2, output, curve, last }) => {
    const network = tutorialNetwork(output);
    const options = { network, optimiser: optimiser({ learningRate, momentum, l2 }), batch: 'full', seed } as const;
    expectCurve(options, curve, 1e-12, last);
  });
});

describe('the reference follows minibatch training in NumPy', () => {
  const { learningRate, momentum, l2 } = goldenMinibatch;
  test.each(goldenMinibatch.runs)('batches of $batch, seed $seed', ({ batch, seed, curve }) => {
    const network = denseNetwork(TUTORIAL_SIZES);
    const options = { network, optimiser: optimiser({ learningRate, momentum, l2 }), batch, seed };
    expectCurve(options, curve, 1e-12, full || seed > 0 ? undefined : 5);
  });
});

describe("the first step's gradients equal NumPy's", () => {
  test.each(goldenGradients)('seed $seed, λ $l2, $output output', ({ seed, l2, output, stride, layers }) => {
    const network = tutorialNetwork(output);
    const parameters = initialParameters(network, new RandomState(seed));
    referenceGradients(network, parameters, parts.train, l2).forEach((gradient, i) => {
      for (const tensor of ['w', 'b'] as const) {
        const { max, values } = layers[i]?.[tensor] ?? { max: Number.NaN, values: [] };
        const sizes = gradient[tensor].map(Math.abs);
        expect(Math.abs(sizes.reduce((a, b) => Math.max(a, b), 0) / max - 1)).toBeLessThan(1e-12);
        expectClose(
          gradient[tensor].filter((_, k) => k % stride === 0),
          values,
          1e-9, // the golden values have ten digits
        );
      }
    });
  });
});

test('a run is reproducible, and its states stay as they were', () => {
  const network = denseNetwork([64, 3, 10]);
  const options = { network, optimiser: optimiser({ learningRate: 0.1 }), train: parts.train, batch: 100, seed: 9 };
  const first = takeEpochs(options, 3);
  const second = takeEpochs(options, 3);
  expect(first).toEqual(second);
  expect(first.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  expect(first[0]?.parameters).toEqual(initialParameters(network, new RandomState(9)));
  expect(first[1]?.parameters).not.toEqual(first[0]?.parameters);
});

function takeEpochs(options: ReferenceTrainingOptions, count: number): ReferenceEpoch[] {
  const epochs: ReferenceEpoch[] = [];
  for (const epoch of referenceTraining(options)) if (epochs.push(epoch) === count) break;
  return epochs;
}
