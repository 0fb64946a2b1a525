// Whole networks in float64: forward, loss, gradients, and training that any GPU run can be followed with.
//
// Chains `operations.ts` in the tutorial's order. Meant for tests and for checks on small data: it computes on the CPU,
// in plain loops.

import { RandomState } from '../base/random';
import type { Dataset } from '../data/dataset';
import { type BatchSize, batchRanges, epochOrder } from '../nn/batches';
import { activations } from '../nn/activations';
import { initialParameters, type Layer, type LayerParameters, type Network } from '../nn/network';
import { type EpochShape, epochShape, type Optimiser, ruleOf, updateNumbers } from '../nn/optimiser';
import { matrix, type Matrix, requireSame } from './matrix';
import * as op from './operations';

/** Every layer's input, and the last layer's output: L + 1 matrices; the last one feeds the softmax classifier. */
export function referenceForward(network: Network, parameters: readonly LayerParameters[], x: Matrix): Matrix[] {
  return forward(network, parameters, x).states;
}

/** As {@link referenceForward}, with what each layer's slope is computed from. */
function forward({ layers }: Network, parameters: readonly LayerParameters[], x: Matrix) {
  requireSame('referenceForward: layers and parameters', layers.length, parameters.length);
  const states = [x];
  const saved: Matrix[] = [];
  for (const [i, layer] of layers.entries()) {
    const z = op.linear(states[i]!, weights(layer, parameters[i]), parameters[i]!.b);
    const y = op.activate(layer.activation, z);
    states.push(y);
    saved.push(activations[layer.activation].saves === 'input' ? z : y);
  }
  return { states, saved };
}

/** Mean cross-entropy over the data set's N rows, plus λ / (2N) Σ_l ||W_l||². */
export function referenceLoss(
  network: Network,
  parameters: readonly LayerParameters[],
  dataset: Dataset,
  lambda: number,
): number {
  const { x, labels } = allRows(dataset);
  const y = output(referenceForward(network, parameters, x));
  const squares = parameters.reduce((sum, { w }) => sum + op.squareSum(w), 0);
  return op.meanLoss(op.crossEntropy(y, labels)) + (lambda / (2 * dataset.rows)) * squares;
}

/** The fraction of rows whose largest output is at their label. */
export function referenceAccuracy(network: Network, parameters: readonly LayerParameters[], dataset: Dataset): number {
  const { x, labels } = allRows(dataset);
  return op.hits(output(referenceForward(network, parameters, x)), labels) / dataset.rows;
}

/** The rows of a step. */
export interface ReferenceBatch {
  /** [M, inputs]. */
  readonly x: Matrix;
  /** [M]. */
  readonly labels: ArrayLike<number>;
}

/** The chosen rows of a data set as a batch, in the order of `indices`. */
export function referenceBatch(dataset: Dataset, indices: ArrayLike<number>): ReferenceBatch {
  return {
    x: op.gather(dataset.features, dataset.columns, indices),
    labels: Array.from(indices, (row) => dataset.labels[row]!),
  };
}

/**
 * Gradients as sums, one entry a layer: w is xᵀ dz + λ W, b the column sums of dz.
 *
 * What a GPU step hands to its update; divided by the number of rows they are the gradients of `referenceLoss`.
 */
export function referenceGradientSums(
  network: Network,
  parameters: readonly LayerParameters[],
  { x, labels }: ReferenceBatch,
  lambda: number,
): LayerParameters[] {
  const { states, saved } = forward(network, parameters, x);
  const gradients: LayerParameters[] = [];
  let dy = op.softmaxGradient(op.softmax(output(states)), labels);
  for (let i = network.layers.length - 1; i >= 0; i--) {
    const layer = network.layers[i]!;
    const { w } = parameters[i]!;
    const dz = op.activateGradient(layer.activation, saved[i]!, dy);
    const dw = op.linearWeightGradient(states[i]!, dz).data;
    gradients[i] = { w: op.l2(dw, w, lambda), b: op.linearBiasGradient(dz) };
    if (i > 0) dy = op.linearInputGradient(dz, weights(layer, parameters[i]));
  }
  return gradients;
}

/** Gradients of {@link referenceLoss}, one entry a layer: w is (xᵀ dz + λ W) / N, b the column sums of dz / N. */
export function referenceGradients(
  network: Network,
  parameters: readonly LayerParameters[],
  dataset: Dataset,
  lambda: number,
): LayerParameters[] {
  const perRow = (sum: number) => sum / dataset.rows;
  return referenceGradientSums(network, parameters, allRows(dataset), lambda).map(({ w, b }) => ({
    w: w.map(perRow),
    b: b.map(perRow),
  }));
}

/** Parameters of every layer, and what the optimiser remembers; a step makes new ones and leaves the old alone. */
export interface ReferenceState {
  readonly parameters: readonly LayerParameters[];
  /** The tensors of the optimiser's state, each laid out like the parameters. */
  readonly optimiserState: readonly (readonly LayerParameters[])[];
  /** Steps that were made. */
  readonly step: number;
}

/** A state of the given parameters before the first step: all that the optimiser remembers is zero. */
export function referenceStart(optimiser: Optimiser, parameters: readonly LayerParameters[]): ReferenceState {
  const optimiserState = ruleOf(optimiser).state.map(() =>
    parameters.map(({ w, b }) => ({ w: new Float64Array(w.length), b: new Float64Array(b.length) })),
  );
  return { parameters, optimiserState, step: 0 };
}

/** The state after one update from one batch. @param shape how steps make epochs, for the schedule; one step each unless told */
export function referenceStep(
  network: Network,
  optimiser: Optimiser,
  state: ReferenceState,
  batch: ReferenceBatch,
  shape: EpochShape = { stepsAnEpoch: 1, rows: batch.x.rows },
): ReferenceState {
  const gradients = referenceGradientSums(network, state.parameters, batch, optimiser.l2);
  const rule = ruleOf(optimiser);
  const numbers = updateNumbers(optimiser, state.step, shape);
  const updated = gradients.map((gradient, i) => {
    const moved = (part: 'w' | 'b') => {
      const remembered = state.optimiserState.map((tensor) => tensor[i]![part]);
      return op.update(state.parameters[i]![part], remembered, gradient[part], batch.x.rows, rule, numbers);
    };
    return { w: moved('w'), b: moved('b') };
  });
  return {
    parameters: updated.map(({ w, b }) => ({ w: w.parameter, b: b.parameter })),
    optimiserState: rule.state.map((_, k) => updated.map(({ w, b }) => ({ w: w.state[k]!, b: b.state[k]! }))),
    step: state.step + 1,
  };
}

/** What to train, and how. */
export interface ReferenceTrainingOptions {
  readonly network: Network;
  readonly optimiser: Optimiser;
  readonly train: Dataset;
  readonly batch: BatchSize;
  /** Seeds initial weights and batch orders alike, by the project's seeding rule. */
  readonly seed: number;
}

/** A state and the number of epochs that led to it. */
export interface ReferenceEpoch extends ReferenceState {
  readonly epoch: number;
}

/**
 * A whole run, one epoch at a time: yields the initial state as epoch 0, then each state for as long as it is asked.
 *
 * ```ts
 * for (const { epoch, parameters } of referenceTraining(options)) {
 *   if (epoch === 300) break;
 * }
 * ```
 */
export function* referenceTraining(options: ReferenceTrainingOptions): Generator<ReferenceEpoch, never, void> {
  const { network, optimiser, train, batch, seed } = options;
  const ranges = batchRanges(train.rows, batch);
  const random = new RandomState(seed);
  let state = referenceStart(optimiser, initialParameters(network, random));
  // A full batch is the same in every epoch: gathered once.
  const whole = batch === 'full' ? allRows(train) : undefined;
  for (let epoch = 0; ; epoch++) {
    yield { epoch, ...state };
    const order = whole ?? epochOrder(train.rows, batch, random);
    for (const { start, rows } of ranges) {
      const step = 'x' in order ? order : referenceBatch(train, order.subarray(start, start + rows));
      state = referenceStep(network, optimiser, state, step, epochShape(ranges));
    }
  }
}

function allRows(dataset: Dataset): ReferenceBatch {
  const x = matrix(dataset.rows, dataset.columns, Float64Array.from(dataset.features));
  return { x, labels: dataset.labels };
}

function output(states: readonly Matrix[]): Matrix {
  return states[states.length - 1]!;
}

function weights(layer: Layer, parameters: LayerParameters | undefined): Matrix {
  return matrix(layer.inputs, layer.outputs, parameters?.w);
}
