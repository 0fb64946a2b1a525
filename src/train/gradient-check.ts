// The gradient check: gradients from the GPU's kernels against differences of the loss.

import { RandomState } from '../base/random';
import { type Dataset, takeRows } from '../data/dataset';
import { Device } from '../gpu/device';
import { initialParameters, type LayerParameters, type Network } from '../nn/network';
import { optimiser } from '../nn/optimiser';
import { centralDifferences } from '../reference/differences';
import { checkGradientCheck } from './option-checks';
import { Trainer } from './trainer';

/** One parameter tensor's gradient, on the GPU and by differences. */
export interface TensorCheck {
  /** Reads like `dense1 weights`. */
  readonly label: string;
  /** Elements compared, and elements there are. */
  readonly checked: number;
  readonly elements: number;
  /** The largest absolute value of the tensor's gradient. */
  readonly largest: number;
  /** The largest absolute difference over `largest`; 0 where it is no more than differences themselves are off by. */
  readonly error: number;
  readonly passed: boolean;
}

/** The outcome of a gradient check, tensor by tensor. */
export interface GradientCheckReport {
  readonly passed: boolean;
  /** The error that a tensor may have. */
  readonly tolerance: number;
  /** Rows of the data set that the loss was taken over. */
  readonly rows: number;
  readonly tensors: readonly TensorCheck[];
}

/** How to check; every field has a default. */
export interface GradientCheckOptions {
  /** Opened on `navigator.gpu`, and disposed at the end, where none is given. */
  readonly device?: Device;
  /** L2 coefficient. Default 0.599484, the tutorial's. */
  readonly l2?: number;
  /** Seed of the weights and of the elements compared. Default 0. */
  readonly seed?: number;
  /** Rows of the data set to use, from its start. Default 256. */
  readonly rows?: number;
  /** Elements compared in each tensor, drawn at random where it has more. Default 50. */
  readonly elements?: number;
  /** Default 1e-4: float32 gradients come within 1e-5 of exact ones, and differences within 1e-6. */
  readonly tolerance?: number;
}

/** What central differences in float64 are off by, at most: a gradient that is exactly zero differs from them by as much. */
const DIFFERENCES_OFF = 1e-10;

/**
 * Compares the gradients of a network's first step, computed by the kernels in float32, with
 * central differences of the loss, computed in float64 without any kernel or backward formula.
 *
 * @throws UnderglassError `usage` for an option that makes no sense, `data` where the data hold what is no number, `shape` where
 * the network does not fit them, or as `Device.open` does.
 */
export async function gradientCheck(
  network: Network,
  data: Dataset,
  options: GradientCheckOptions = {},
): Promise<GradientCheckReport> {
  checkGradientCheck(network, data, options);
  const { l2 = 0.599484, seed = 0, elements = 50, tolerance = 1e-4 } = options;
  const rows = Math.min(options.rows ?? 256, data.rows);
  const batch = takeRows(
    data,
    Array.from({ length: rows }, (_, i) => i),
  );
  const device = options.device ?? (await Device.open(globalThis.navigator?.gpu));
  try {
    const gradients = await firstGradients(device, network, batch, l2, seed);
    const random = new RandomState(seed);
    const parameters = initialParameters(network, random);
    const tensors = network.layers.flatMap(({ name }, layer) =>
      (['w', 'b'] as const).map((tensor): TensorCheck => {
        const gradient = gradients[layer]![tensor];
        const chosen = random.permutation(gradient.length).subarray(0, elements);
        const places = Array.from(chosen, (index) => ({ layer, tensor, index }));
        const expected = centralDifferences(network, parameters, batch, l2, places);
        const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        let difference = 0;
        for (const [i, element] of chosen.entries()) {
          difference = Math.max(difference, Math.abs(gradient[element]! - expected[i]!));
        }
        const error = difference <= DIFFERENCES_OFF ? 0 : difference / largest;
        return {
          label: `${name} ${tensor === 'w' ? 'weights' : 'biases'}`,
          checked: chosen.length,
          elements: gradient.length,
          largest,
          error,
          passed: error <= tolerance,
        };
      }),
    );
    return { passed: tensors.every(({ passed }) => passed), tolerance, rows, tensors };
  } finally {
    if (!options.device) {
      device.dispose();
    }
  }
}

async function firstGradients(
  device: Device,
  network: Network,
  batch: Dataset,
  l2: number,
  seed: number,
): Promise<LayerParameters[]> {
  const trainer = await Trainer.create(device, {
    network,
    optimiser: optimiser({ learningRate: 0.1, momentum: 0, l2 }),
    splits: { train: batch, valid: batch, test: batch },
    batch: 'full',
    seed,
    profile: false,
  });
  try {
    for await (const _ of trainer.run({ epochs: 1 })) {
      // One step leaves its gradients on the device.
    }
    return await trainer.gradients();
  } finally {
    trainer.dispose();
  }
}
