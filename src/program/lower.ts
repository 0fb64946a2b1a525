// Lowering: a network and an optimiser become the naive program, one operation a line of the tutorial.

import { activations } from '../nn/activations';
import type { Layer, Network } from '../nn/network';
import { type OptimiserName, optimisers } from '../nn/optimisers';
import { type Phase, type Program, ProgramBuilder } from './program';

/** What the lowered program is made for. */
export interface LoweringOptions {
  readonly network: Network;
  /** Name of the data set, which its values begin with. */
  readonly data: string;
  /** Rows of the data set. */
  readonly dataRows: number;
  /** Rows of one batch, at most; a step may take fewer. */
  readonly batchRows: number;
  /** Entries of the row order that batches are taken through; 0 takes the whole data set as it lies. */
  readonly orderRows: number;
  /** Steps whose results are kept until the host reads them. */
  readonly slots: number;
  /** Networks computed together. */
  readonly members: number;
  /**
   * Partial sums that a gradient may come in, when the rows of a batch are cut into as many ranges
   * to be summed at once. Default 1.
   */
  readonly gradientSlots?: number;
  /** Default sgd. */
  readonly optimiser?: OptimiserName;
}

/** Begins the names of the values of evaluation programs that are not shared with the step. */
const EVALUATION = 'evaluation.';

/** Names of the values that the host writes or reads. */
export const valueNames = {
  features: (data: string) => `${data}.features`,
  labels: (data: string) => `${data}.labels`,
  order: (data: string) => `${data}.order`,
  numbers: 'numbers',
  evaluationOrder: (data: string) => `${EVALUATION}${data}.order`,
  score: 'score',
  w: (layer: string) => `${layer}.w`,
  b: (layer: string) => `${layer}.b`,
  dw: (layer: string) => `${layer}.dw`,
  db: (layer: string) => `${layer}.db`,
  /** One of the tensors of an optimiser's state, by its rule's name for it: `velocity`. */
  state: (parameter: string, name: string) => `${parameter}.${name}`,
  /** A gradient's partial sum; the first has the gradient's own name. */
  slot: (gradient: string, slot: number) => (slot === 0 ? gradient : `${gradient} slot ${slot}`),
  /** For each layer, the ends of its weights and biases among the gradients, and how many slots it has filled. */
  splits: 'splits',
  squares: 'squares',
} as const;

/**
 * One training step, operation by operation: batch, forward, loss, backward, update.
 *
 * Gradients are sums over the batch; the update divides by its rows.
 */
export function lowerStep(options: LoweringOptions): Program {
  const { network } = options;
  const program = new ProgramBuilder('');
  declareParameters(program, network, options.optimiser);
  declareSlots(program, network, options.gradientSlots ?? 1);
  const { x, t } = lowerBatch(program, options, 'forward');
  const states = lowerForward(program, options, x, 'forward');
  const y = states.at(-1)!;
  lowerLoss(program, options, y, t, 'forward');
  const rows = options.batchRows;
  const last = network.layers.length - 1;

  const classes = network.layers[last]!.outputs;
  const p = program.value('p', 'activation', rows, classes);
  program.add({ kind: 'softmax', label: 'softmax', phase: 'forward', layer: undefined, inputs: { y }, outputs: { p } });
  let gradient = program.value(`${network.layers[last]!.name}.dy`, 'activation', rows, classes);
  program.add({
    kind: 'softmaxGradient',
    label: 'softmax gradient',
    phase: 'backward',
    layer: undefined,
    inputs: { p, t },
    outputs: { dy: gradient },
  });

  for (let i = last; i >= 0; i--) {
    const layer = network.layers[i]!;
    const { name, inputs, outputs } = layer;
    const node = { phase: 'backward', layer: i } as const;
    let dz = gradient;
    if (layer.activation !== 'linear') {
      const { activation } = layer;
      dz = program.value(`${name}.dz`, 'activation', rows, outputs);
      program.add({
        kind: 'activateGradient',
        label: `${name} ${activation} gradient`,
        ...node,
        inputs: { saved: savedName(layer), dy: gradient },
        outputs: { dz },
        flags: { activation },
      });
    }
    const dw = program.value(valueNames.dw(name), 'gradient', inputs, outputs);
    const db = program.value(valueNames.db(name), 'gradient', 1, outputs);
    program.add({
      kind: 'linearWeightGradient',
      label: `${name} weight gradient`,
      ...node,
      inputs: { x: states[i]!, dz },
      outputs: { dw },
    });
    program.add({
      kind: 'linearBiasGradient',
      label: `${name} bias gradient`,
      ...node,
      inputs: { dz },
      outputs: { db },
    });
    if (i > 0) {
      const dx = program.value(`${network.layers[i - 1]!.name}.dy`, 'activation', rows, inputs);
      const w = valueNames.w(name);
      program.add({
        kind: 'linearInputGradient',
        label: `${name} input gradient`,
        ...node,
        inputs: { dz, w },
        outputs: { dx },
      });
      gradient = dx;
    }
  }
  lowerUpdate(program, options);
  return program.build('naive', options.members);
}

/** Loss and accuracy of a data set under the parameters as they are. */
export function lowerEvaluation(options: LoweringOptions): Program {
  const program = new ProgramBuilder(EVALUATION);
  const { x, t } = lowerBatch(program, options, 'evaluation');
  const states = lowerForward(program, options, x, 'evaluation');
  lowerLoss(program, options, states.at(-1)!, t, 'evaluation');
  return program.build('evaluation', options.members);
}

/** The squared length of all weights, which the L2 term of a loss needs. */
export function lowerWeightSquares(network: Network, members: number): Program {
  const program = new ProgramBuilder('');
  for (const { name, inputs, outputs } of network.layers) {
    program.value(valueNames.w(name), 'parameter', inputs, outputs);
  }
  for (const { name, outputs } of network.layers) {
    program.value(valueNames.b(name), 'parameter', 1, outputs);
  }
  const squares = program.value(valueNames.squares, 'result', 1, 4);
  program.add({
    kind: 'squareSum',
    label: 'weight squares',
    phase: 'evaluation',
    layer: undefined,
    inputs: { w: 'parameter', firstBias: valueNames.b(network.layers[0]!.name) },
    outputs: { squares },
  });
  return program.build('weight squares', members);
}

/** Declares parameters, the optimiser's state and gradients in one order, weights first, so that they lie in memory alike. */
function declareParameters(program: ProgramBuilder, { layers }: Network, optimiser: OptimiserName = 'sgd'): void {
  for (const { name, inputs, outputs } of layers) {
    program.value(valueNames.w(name), 'parameter', inputs, outputs);
    program.value(valueNames.dw(name), 'gradient', inputs, outputs);
  }
  for (const { name, outputs } of layers) {
    program.value(valueNames.b(name), 'parameter', 1, outputs);
    program.value(valueNames.db(name), 'gradient', 1, outputs);
  }
  for (const state of optimisers[optimiser].state) {
    for (const { name, inputs, outputs } of layers) {
      program.value(valueNames.state(valueNames.w(name), state), 'state', inputs, outputs);
    }
    for (const { name, outputs } of layers) {
      program.value(valueNames.state(valueNames.b(name), state), 'state', 1, outputs);
    }
  }
}

/** Declares the gradients' further slots, each laid out like the first, and the table that tells which of them are used. */
function declareSlots(program: ProgramBuilder, { layers }: Network, slots: number): void {
  if (slots === 1) {
    return;
  }
  for (let slot = 1; slot < slots; slot++) {
    for (const { name, inputs, outputs } of layers) {
      program.value(valueNames.slot(valueNames.dw(name), slot), 'gradient', inputs, outputs);
    }
    for (const { name, outputs } of layers) {
      program.value(valueNames.slot(valueNames.db(name), slot), 'gradient', 1, outputs);
    }
  }
  program.value(valueNames.splits, 'gradient', layers.length, 4);
}

function lowerBatch(program: ProgramBuilder, options: LoweringOptions, phase: Phase) {
  const { network, data, dataRows, batchRows, orderRows } = options;
  const columns = network.layers[0]!.inputs;
  const features = program.value(valueNames.features(data), 'data', dataRows, columns);
  const labels = program.value(valueNames.labels(data), 'data', 1, dataRows);
  if (orderRows === 0) {
    return { x: features, t: labels };
  }
  const order = program.value(valueNames.order(data), 'batch', 1, orderRows);
  const x = program.value('x', 'batch', batchRows, columns);
  const t = program.value('t', 'batch', 1, batchRows);
  program.add({
    kind: 'gather',
    label: 'gather batch',
    phase,
    layer: undefined,
    inputs: { features, labels, order },
    outputs: { x, t },
  });
  return { x, t };
}

/** Adds the layers; returns the input and every layer's output. */
function lowerForward(program: ProgramBuilder, options: LoweringOptions, input: string, phase: Phase): string[] {
  const states = [input];
  for (const [i, { name, inputs, outputs, activation }] of options.network.layers.entries()) {
    const x = states[i]!;
    const w = program.value(valueNames.w(name), 'parameter', inputs, outputs);
    const b = program.value(valueNames.b(name), 'parameter', 1, outputs);
    const z = program.value(`${name}.z`, 'activation', options.batchRows, outputs);
    const node = { phase, layer: i };
    program.add({ kind: 'linear', label: `${name} linear`, ...node, inputs: { x, w, b }, outputs: { z } });
    if (activation === 'linear') {
      states.push(z);
      continue;
    }
    const y = program.value(`${name}.y`, 'activation', options.batchRows, outputs);
    program.add({
      kind: 'activate',
      label: `${name} ${activation}`,
      ...node,
      inputs: { z },
      outputs: { y },
      flags: { activation },
    });
    states.push(y);
  }
  return states;
}

/** What the slope of a layer's activation is computed from, within a step: its output, or its input. */
function savedName({ name, activation }: Layer): string {
  return activations[activation].saves === 'input' ? `${name}.z` : `${name}.y`;
}

function lowerLoss(program: ProgramBuilder, options: LoweringOptions, y: string, t: string, phase: Phase): void {
  const loss = program.value('loss', 'activation', 1, options.batchRows);
  const hit = program.value('hit', 'activation', 1, options.batchRows);
  const score = program.value(valueNames.score, 'result', options.slots, 4);
  const node = { phase, layer: undefined };
  program.add({ kind: 'crossEntropy', label: 'cross-entropy', ...node, inputs: { y, t }, outputs: { loss, hit } });
  program.add({ kind: 'meanLoss', label: 'mean loss', ...node, inputs: { loss, hit }, outputs: { score } });
}

/** Numbers of a step and member, as shaders/lib/numbers.wgsl lays them out. */
export const STEP_NUMBERS = 8;

function lowerUpdate(program: ProgramBuilder, options: LoweringOptions): void {
  const { network, members, slots, optimiser = 'sgd' } = options;
  const numbers = program.value(valueNames.numbers, 'numbers', slots, STEP_NUMBERS * members);
  for (const [i, { name }] of network.layers.entries()) {
    const node = { phase: 'update', layer: i } as const;
    const dw = valueNames.dw(name);
    program.add({
      kind: 'l2',
      label: `${name} L2`,
      ...node,
      inputs: { numbers, w: valueNames.w(name), dw },
      outputs: { dw },
    });
    const tensors = [
      { what: 'weight', gradient: dw, parameter: valueNames.w(name) },
      { what: 'bias', gradient: valueNames.db(name), parameter: valueNames.b(name) },
    ];
    for (const { what, gradient, parameter } of tensors) {
      program.add({
        kind: 'update',
        label: `${name} ${what} update`,
        ...node,
        inputs: { numbers, gradient, state: 'state', parameter },
        outputs: { state: 'state', parameter },
        flags: { optimiser, states: optimisers[optimiser].state.length },
      });
    }
  }
}
