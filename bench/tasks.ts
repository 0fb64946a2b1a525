// The tasks: what every peer computes, from which numbers. Plain data, for the page and for Node alike.

import { RandomState } from '../src/base/random';
import { denseNetwork, initialParameters } from '../src/nn/network';
import { TUTORIAL_L2, TUTORIAL_L2_GRID, TUTORIAL_LEARNING_RATE, TUTORIAL_MOMENTUM } from '../src/nn/tutorial';

/** Full-batch training steps of sigmoid networks that share their data: one network for each λ. */
export interface TrainingTask {
  readonly kind: 'training';
  readonly name: string;
  readonly title: string;
  /** Widths from the input to the output. */
  readonly sizes: readonly number[];
  readonly rows: number;
  readonly l2: readonly number[];
  readonly learningRate: number;
  readonly momentum: number;
  /** What a step's time is multiplied by: 1, or the steps of a whole run. */
  readonly scale: number;
  /** Steps after which the losses of all peers are compared. */
  readonly check: number;
}

/** Products c = a b of square matrices. */
export interface ProductTask {
  readonly kind: 'product';
  readonly name: string;
  readonly title: string;
  readonly size: number;
  readonly scale: 1;
  readonly check: 1;
}

export type Task = TrainingTask | ProductTask;

/** Steps of the tutorial's run, to which the grid's time is scaled. */
const GRID_EPOCHS = 1000;

/** A training step with the tutorial's optimiser. */
export function training(
  name: string,
  title: string,
  sizes: readonly number[],
  rows: number,
  options: Partial<Pick<TrainingTask, 'l2' | 'scale' | 'check'>> = {},
): TrainingTask {
  const optimiser = { learningRate: TUTORIAL_LEARNING_RATE, momentum: TUTORIAL_MOMENTUM };
  return {
    kind: 'training',
    name,
    title,
    sizes,
    rows,
    l2: [TUTORIAL_L2],
    scale: 1,
    check: 4,
    ...optimiser,
    ...options,
  };
}

function product(size: number): ProductTask {
  return { kind: 'product', name: `matmul${size}`, title: `product ${size}³`, size, scale: 1, check: 1 };
}

export const TUTORIAL = training('tutorial', '64-48-32-10, 721 rows', [64, 48, 32, 10], 721);

/** The task whose networks are also trained one after another. */
export const MEMBERS = 'members16';

const MEMBERS_L2: readonly number[] = Array.from({ length: 16 }, (_, i) => 0.05 * (i + 1));

const GRID_TITLE = `ten λ, ${GRID_EPOCHS} epochs`;

/** Every task that is timed by the step, in the order of the run and of the report: what tells most comes first. */
export const TASKS: readonly Task[] = [
  TUTORIAL,
  training('minibatch32', '64-50-30-10, 32 rows', [64, 50, 30, 10], 32),
  training('mnist128', '784-256-128-10, 128 rows', [784, 256, 128, 10], 128),
  product(512),
  training(MEMBERS, '16 of 64-50-30-10, 32 rows', [64, 50, 30, 10], 32, { l2: MEMBERS_L2, check: 2 }),
  training('grid10', GRID_TITLE, [64, 48, 32, 10], 721, { l2: TUTORIAL_L2_GRID, scale: GRID_EPOCHS, check: 2 }),
  product(256),
  product(1024),
  training('wide256', '784-1024-1024-10, 256 rows', [784, 1024, 1024, 10], 256, { check: 2 }),
];

/** The tasks that `--quick` leaves out: a software adapter needs seconds for a step of the slower peers. */
export const SLOW_TASKS: readonly string[] = ['wide256', 'matmul1024'];

/** The time from a cold page to the tutorial's first finished step; no task of its own, but a row of the report. */
export const FIRST_STEP = 'firstStep';

/** How the time per step grows: one quantity varies, the others stay. */
export interface Growth {
  readonly axis: 'rows' | 'width' | 'depth' | 'members';
  readonly title: string;
  readonly values: readonly number[];
  readonly task: (value: number) => TrainingTask;
}

export const GROWTHS: readonly Growth[] = [
  {
    axis: 'rows',
    title: 'rows of 64-48-32-10',
    values: [16, 64, 256, 1024, 4096],
    task: (rows) => training(`rows ${rows}`, '', [64, 48, 32, 10], rows),
  },
  {
    axis: 'width',
    title: 'width of two hidden layers, 128 rows',
    values: [16, 32, 64, 128, 256, 512],
    task: (width) => training(`width ${width}`, '', [64, width, width, 10], 128),
  },
  {
    axis: 'depth',
    title: 'hidden layers of 64, 128 rows',
    values: [1, 2, 4, 8, 16],
    task: (depth) => training(`depth ${depth}`, '', [64, ...Array.from({ length: depth }, () => 64), 10], 128),
  },
  {
    axis: 'members',
    title: 'networks of 64-50-30-10, 32 rows',
    values: [1, 2, 4, 8, 16, 32],
    task: (members) =>
      training(`members ${members}`, '', [64, 50, 30, 10], 32, {
        l2: Array.from({ length: members }, (_, i) => 0.05 * (i + 1)),
      }),
  },
];

/** Operations of a step's matrix products: one forward, two backward, but for the first layer's input gradient. */
export function flopsOf(task: Task): number {
  if (task.kind === 'product') return 2 * task.size ** 3;
  const { sizes, rows, l2 } = task;
  const products = sizes.slice(1).map((outputs, i) => 2 * rows * sizes[i]! * outputs);
  return l2.length * (3 * products.reduce((sum, value) => sum + value, 0) - products[0]!);
}

/** The seed of data and weights. */
export const SEED = 1;

/** A layer's weights [inputs, outputs], row-major, and biases [outputs]. */
export interface LayerNumbers {
  readonly inputs: number;
  readonly outputs: number;
  readonly w: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
}

/** What a training task starts from. */
export interface TrainingData {
  /** [rows, inputs], row-major, from 0 to 1. */
  readonly features: Float32Array<ArrayBuffer>;
  readonly labels: Uint32Array<ArrayBuffer>;
  /** [rows, classes], row-major: 1 in the label's column, else 0. */
  readonly oneHot: Float32Array<ArrayBuffer>;
  readonly layers: readonly LayerNumbers[];
}

/** The same numbers for every peer: random data, and the weights that this project draws from the seed. */
export function trainingData({ sizes, rows }: TrainingTask): TrainingData {
  const random = new RandomState(SEED);
  const columns = sizes[0]!;
  const classes = sizes.at(-1)!;
  const features = Float32Array.from(random.uniform(0, 1, rows * columns));
  const labels = Uint32Array.from(random.uniform(0, classes, rows), Math.floor);
  const oneHot = new Float32Array(rows * classes);
  labels.forEach((label, row) => {
    oneHot[row * classes + label] = 1;
  });
  const layers = initialParameters(denseNetwork(sizes), new RandomState(SEED)).map(({ w, b }, i) => ({
    inputs: sizes[i]!,
    outputs: sizes[i + 1]!,
    w: Float32Array.from(w),
    b: Float32Array.from(b),
  }));
  return { features, labels, oneHot, layers };
}

/** The factors of a product, [size, size] row-major, from 0 to 1. */
export function productData({ size }: ProductTask): { a: Float32Array<ArrayBuffer>; b: Float32Array<ArrayBuffer> } {
  const random = new RandomState(SEED);
  const draw = () => Float32Array.from(random.uniform(0, 1, size * size));
  return { a: draw(), b: draw() };
}
